// @ts-check
// Where ratings wait on the device. A rating is held as a draft from the press to the end of the visit, then
// released into the outbox, and from that moment its content never changes: one id, one content, for ever.
import { completed, isOf, withoutClock } from "./records.js";
import { altered, asked } from "./storage.js";

/** @typedef {import("./types.js").Kept} Kept */
/** @typedef {import("./types.js").Chosen} Chosen */
/** @typedef {import("./types.js").Result} Result */

export class Outbox {
  /**
   * @param {import("./storage.js").Storage} storage @param {import("./tab.js").Tab} tab
   * @param {() => string | null} office the one whose ratings may be sent now
   */
  constructor(storage, tab, office) {
    this.storage = storage;
    this.tab = tab;
    this.office = office;
    /** What the device could not store, and is gone when the page is: drafts, released and refused ratings. */
    /** @type {Map<string, Kept>} */
    this.drafts = new Map();
    /** @type {Map<string, Kept>} */
    this.unkept = new Map();
    /** @type {Map<string, Kept>} */
    this.unkeptRefused = new Map();
    /** Drafts on the disk whose release the disk did not take. @type {Map<string, Chosen>} */
    this.unreleased = new Map();
    /** Whether the last write failed: shown to staff. */
    this.failing = false;
    /** The version of the configuration by which refused ratings in memory were last reconsidered. */
    this.version = "";
  }

  /**
   * Keep a rating that has just been given, with its place in the device's sequence.
   * @param {Kept} pressed @returns {Promise<void>}
   */
  async hold(pressed) {
    const rating = { ...pressed, local: { ...pressed.local, page: this.tab.id } };
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
   * A draft that is gone was released before (by another page that took this one for dead): what it released stands.
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
   * Release the drafts that pages left behind when they died, as they were pressed; return how many. A page in the
   * middle of a visit keeps its own.
   * @returns {Promise<number>}
   */
  async releaseLeftovers() {
    const living = await this.tab.living();
    const isLeft = (/** @type {Kept} */ { local }) => !local || !local.page || !living.has(local.page);
    const drafts = (/** @type {IDBTransaction} */ transaction) => asked(transaction.objectStore("drafts").getAll());
    if (!(await this.storage.read(["drafts"], drafts)).some(isLeft)) return 0;
    return this._write(["drafts", "outbox"], async (transaction) => {
      const left = (await drafts(transaction)).filter(isLeft);
      left.forEach((draft) => moved(transaction, draft));
      return left.length;
    });
  }

  /**
   * The ratings of this office that have waited longest, in the order they were given; those only in memory go first.
   * @param {number} limit @returns {Promise<Kept[]>}
   */
  async oldest(limit) {
    const ours = (/** @type {Kept} */ rating) => isOf(rating, this.office());
    const unkept = Array.from(this.unkept.values()).filter(ours).slice(0, limit);
    if (unkept.length === limit) return unkept;
    return unkept.concat(await this._first(limit - unkept.length).catch(() => []));
  }

  /**
   * Take out what the server has answered for: accepted ratings go, refused ones move aside and stay, and one that was
   * refused for its time is to be sent once more as one whose clock was lost.
   * @param {Kept[]} sent @param {Result[]} results
   * @returns {Promise<{settled: number, refused: number}>} how many were settled, and how many of them moved aside
   */
  async settle(sent, results) {
    const answers = new Map(results.map((result) => [result.id, result]));
    const settled = sent.filter((rating) => final(answers.get(rating.id)));
    const outcomes = settled.map((rating) => outcome(rating, /** @type {Result} */ (answers.get(rating.id))));
    const kept = outcomes.filter((one) => !this._settledInMemory(one));
    if (kept.length) {
      await this._write(["outbox", "refused"], (transaction) => {
        kept.forEach(({ rating, again, refusal }) => {
          if (again) return void transaction.objectStore("outbox").put(again);
          if (refusal) transaction.objectStore("refused").put({ rating, ...refusal });
          transaction.objectStore("outbox").delete(/** @type {number} */ (rating.sequence));
        });
      });
    }
    return { settled: settled.length, refused: outcomes.filter(({ refusal }) => refusal).length };
  }

  /**
   * Let what was refused be sent once more, for the server knows other people and places since: once for each version
   * of its configuration, and never in a loop.
   * @param {string} version @returns {Promise<void>}
   */
  async reconsider(version) {
    const ours = (/** @type {Kept} */ rating) => isOf(rating, this.office());
    if (version !== this.version) this._reconsiderInMemory(ours);
    this.version = version;
    await this._write(["outbox", "refused", "device"], async (transaction) => {
      if ((await asked(transaction.objectStore("device").get("reconsidered"))) === version) return;
      await altered(transaction, "reconsidered", () => version);
      const refused = await asked(transaction.objectStore("refused").getAll());
      refused.filter(({ rating }) => ours(rating)).forEach(({ rating }) => {
        transaction.objectStore("outbox").put(rating);
        transaction.objectStore("refused").delete(rating.id);
      });
    });
  }

  /**
   * What waits to be sent, what is held back because it was given in another office, and what was refused. Reads
   * none of it but the oldest: a month without network must not cost the screen its breath.
   * @returns {Promise<{waiting: number, held: number, refused: number, oldest: string | null}>}
   */
  async count() {
    const office = this.office();
    const kept = await this._counted(office).catch(() => ({ all: 0, held: 0, refused: 0, first: [] }));
    const unkept = Array.from(this.unkept.values());
    const held = office === null ? 0 : kept.held + unkept.filter((rating) => !isOf(rating, office)).length;
    const [oldest = null] = unkept.concat(kept.first).map((rating) => rating.given_at);
    const waiting = kept.all + unkept.length - held;
    return { waiting, held, refused: kept.refused + this.unkeptRefused.size, oldest };
  }

  /** @param {string} id @returns {boolean} whether the rating is only in memory and not yet with the server */
  isUnkept(id) {
    return this.unkept.has(id);
  }

  /** @param {number} limit @returns {Promise<Kept[]>} the first of the outbox that are not held back */
  _first(limit) {
    return this.storage.read(["outbox"], async (transaction) => {
      const outbox = transaction.objectStore("outbox");
      const office = this.office();
      /** @type {Kept[]} */
      const first = await asked(outbox.getAll(null, limit));
      if (first.every((rating) => isOf(rating, office))) return first;
      // What was given nobody knows where is older than all the rest, which is found by its office: thousands may be
      // held back before it.
      const anywhere = first.filter((rating) => isOf(rating, null));
      return anywhere.length || !office ? anywhere : asked(outbox.index("office").getAll(office, limit));
    });
  }

  /** @param {string | null} office @returns {Promise<{all: number, held: number, refused: number, first: Kept[]}>} */
  _counted(office) {
    return this.storage.read(["outbox", "refused"], async (transaction) => {
      const outbox = transaction.objectStore("outbox");
      const offices = outbox.index("office"); // has no place for what was given nobody knows where: that is anybody's
      const [all, somewhere, here, refused, first] = await Promise.all([
        asked(outbox.count()), asked(offices.count()), asked(offices.count(office || undefined)),
        asked(transaction.objectStore("refused").count()), asked(outbox.getAll(null, 1)),
      ]);
      return { all, held: somewhere - here, refused, first };
    });
  }

  /** @param {Kept} rating @returns {false} */
  _releaseUnkept(rating) {
    this.unkept.set(rating.id, rating);
    return false;
  }

  /** @param {Outcome} outcome @returns {boolean} whether it was only in memory */
  _settledInMemory({ rating, again, refusal }) {
    if (!this.unkept.delete(rating.id)) return false;
    if (again) this.unkept.set(again.id, again);
    if (refusal) this.unkeptRefused.set(rating.id, rating);
    return true;
  }

  /** @param {(rating: Kept) => boolean} ours */
  _reconsiderInMemory(ours) {
    Array.from(this.unkeptRefused.values()).filter(ours).forEach((rating) => {
      this.unkeptRefused.delete(rating.id);
      this.unkept.set(rating.id, rating);
    });
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

/** @param {IDBTransaction} transaction @param {Kept} rating */
function moved(transaction, rating) {
  transaction.objectStore("outbox").put(rating);
  transaction.objectStore("drafts").delete(rating.id);
}

/**
 * What becomes of a rating: gone when neither is set.
 * @typedef {{rating: Kept, again: Kept | null, refusal: {code: string, detail: string, refused_at: string} | null}} Outcome
 */

/** @param {Kept} rating @param {Result} result @returns {Outcome} */
function outcome(rating, { status, code = "", detail = "" }) {
  if (status !== "refused") return { rating, again: null, refusal: null };
  const again = withoutClock(rating, code);
  return { rating, again, refusal: again ? null : { code, detail, refused_at: new Date().toISOString() } };
}

/** @param {Result | undefined} result @returns {boolean} */
function final(result) {
  return Boolean(result) && ["accepted", "refused"].includes(/** @type {Result} */ (result).status);
}
