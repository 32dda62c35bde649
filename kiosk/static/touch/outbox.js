// @ts-check
// Where ratings wait on the device. A rating is held as a draft from the press to the end of the visit, then
// released into the outbox, and from that moment its content never changes: one id, one content, for ever.
import { altered, asked } from "./storage.js";

/** @typedef {import("./types.js").Rating} Rating */
/** @typedef {import("./types.js").Chosen} Chosen */
/** @typedef {import("./types.js").Result} Result */

export class Outbox {
  /** @param {import("./storage.js").Storage} storage */
  constructor(storage) {
    this.storage = storage;
    /** Drafts and released ratings the device could not store: gone when the page is. @type {Map<string, Rating>} */
    this.drafts = new Map();
    /** @type {Map<string, Rating>} */
    this.unkept = new Map();
    this.unkeptRefused = 0;
    /** Drafts on the disk whose release the disk did not take. @type {Map<string, Chosen>} */
    this.unreleased = new Map();
    /** Whether the last write failed: shown to staff. */
    this.failing = false;
  }

  /**
   * Keep a rating that has just been given, with its place in the device's sequence.
   * @param {Rating} rating @returns {Promise<void>}
   */
  async hold(rating) {
    try {
      await this._write(["drafts", "device"], async (transaction) => {
        const sequence = await altered(transaction, "sequence", (last = 0) => last + 1);
        transaction.objectStore("drafts").put({ ...rating, sequence });
      });
    } catch (error) {
      this.drafts.set(rating.id, rating);
    }
  }

  /**
   * Complete a draft and put it in the outbox; return whether the device itself keeps it.
   *
   * A draft that is gone was released before (by a reload in another tab): what was released then stands.
   * @param {string} id @param {Chosen} chosen @returns {Promise<boolean>}
   */
  async release(id, chosen) {
    const inMemory = this.drafts.get(id);
    if (inMemory) {
      this.drafts.delete(id);
      return this._releaseUnkept(completed(inMemory, chosen));
    }
    try {
      await this._release(id, chosen);
      return true;
    } catch (error) {
      // The draft is on the disk and safe; should the page die first, it goes as it was pressed.
      this.unreleased.set(id, chosen);
      return true;
    }
  }

  /** Try again what the disk refused to release. @returns {Promise<void>} */
  async releaseAgain() {
    for (const [id, chosen] of Array.from(this.unreleased)) {
      await this._release(id, chosen);
      this.unreleased.delete(id);
    }
  }

  /**
   * Release the drafts an earlier page left behind, as they were pressed; return how many.
   * @returns {Promise<number>}
   */
  async releaseLeftovers() {
    return this._write(["drafts", "outbox"], async (transaction) => {
      const drafts = await asked(transaction.objectStore("drafts").getAll());
      drafts.forEach((draft) => moved(transaction, draft));
      return drafts.length;
    });
  }

  /**
   * The ratings that have waited longest, in the order they were given; those only in memory go first.
   * @param {number} limit @returns {Promise<Rating[]>}
   */
  async oldest(limit) {
    const unkept = Array.from(this.unkept.values()).slice(0, limit);
    if (unkept.length === limit) return unkept;
    try {
      const kept = await this.storage.read(["outbox"], (transaction) =>
        asked(transaction.objectStore("outbox").getAll(undefined, limit - unkept.length)),
      );
      return unkept.concat(kept);
    } catch (error) {
      return unkept;
    }
  }

  /**
   * Take out what the server has answered for: accepted ratings go, refused ones move aside and stay.
   * @param {Rating[]} sent @param {Result[]} results @returns {Promise<number>} how many were settled
   */
  async settle(sent, results) {
    const answers = new Map(results.map((result) => [result.id, result]));
    const settled = sent.filter((rating) => final(answers.get(rating.id)));
    const kept = settled.filter((rating) => !this._settledInMemory(rating, answers));
    if (kept.length) {
      await this._write(["outbox", "refused"], (transaction) => {
        kept.forEach((rating) => {
          const { status, code = "", detail = "" } = /** @type {Result} */ (answers.get(rating.id));
          const refusal = { rating, code, detail, refused_at: new Date().toISOString() };
          if (status === "refused") transaction.objectStore("refused").put(refusal);
          transaction.objectStore("outbox").delete(/** @type {number} */ (rating.sequence));
        });
      });
    }
    return settled.length;
  }

  /** @returns {Promise<{waiting: number, refused: number, oldest: string | null}>} what the heartbeat reports */
  async count() {
    const first = (await this.oldest(1))[0];
    const [waiting, refused] = await this.storage
      .read(["outbox", "refused"], (transaction) =>
        Promise.all([
          asked(transaction.objectStore("outbox").count()),
          asked(transaction.objectStore("refused").count()),
        ]),
      )
      .catch(() => [0, 0]);
    return { waiting: waiting + this.unkept.size, refused: refused + this.unkeptRefused, oldest: first ? first.given_at : null };
  }

  /** @param {string} id @returns {boolean} whether the rating is only in memory and not yet with the server */
  isUnkept(id) {
    return this.unkept.has(id);
  }

  /** @param {Rating} rating @returns {false} */
  _releaseUnkept(rating) {
    this.unkept.set(rating.id, rating);
    return false;
  }

  /** @param {Rating} rating @param {Map<string, Result>} answers @returns {boolean} whether it was only in memory */
  _settledInMemory(rating, answers) {
    if (!this.unkept.delete(rating.id)) return false;
    const result = answers.get(rating.id);
    if (result && result.status === "refused") this.unkeptRefused += 1;
    return true;
  }

  /** @param {string} id @param {Chosen} chosen @returns {Promise<void>} */
  _release(id, chosen) {
    return this._write(["drafts", "outbox"], async (transaction) => {
      const draft = await asked(transaction.objectStore("drafts").get(id));
      if (draft) moved(transaction, completed(draft, chosen));
    });
  }

  /**
   * @template T
   * @param {import("./storage.js").Store[]} stores
   * @param {(transaction: IDBTransaction) => Promise<T> | T} work @returns {Promise<T>}
   */
  async _write(stores, work) {
    try {
      const result = await this.storage.write(stores, work);
      this.failing = false;
      return result;
    } catch (error) {
      this.failing = true;
      throw error;
    }
  }
}

/** @param {IDBTransaction} transaction @param {Rating} rating */
function moved(transaction, rating) {
  transaction.objectStore("outbox").put(rating);
  transaction.objectStore("drafts").delete(rating.id);
}

/** @param {Result | undefined} result @returns {boolean} */
function final(result) {
  return Boolean(result) && ["accepted", "refused"].includes(/** @type {Result} */ (result).status);
}

/** @param {Rating} rating @param {Chosen} chosen @returns {Rating} only what was answered, nothing empty */
function completed(rating, chosen) {
  const comment = chosen.comment.trim();
  return {
    ...rating,
    ...(Object.keys(chosen.elements).length ? { elements: chosen.elements } : {}),
    ...(chosen.reasons.length ? { reasons: chosen.reasons } : {}),
    ...(comment ? { comment } : {}),
  };
}
