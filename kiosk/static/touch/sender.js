// @ts-check
// Empties the outbox, oldest first, one sender at a time. Accepted ratings leave the device, refused ones move
// aside; whatever else happens, the rating stays and is sent again.
import { Declined } from "./device.js";
import { isMeasured, sent } from "./records.js";

/** @typedef {import("./types.js").Kept} Kept */
/** @typedef {import("./types.js").Result} Result */

const BATCH = 500;
const SLOWEST = 30000;

export class Sender {
  /** @param {import("./outbox.js").Outbox} outbox @param {import("./device.js").Device} device */
  constructor(outbox, device) {
    this.outbox = outbox;
    this.device = device;
    this.batch = BATCH;
    this.failures = 0;
    /** When the next attempt may begin, by our own patience and by the server's. */
    this.notBefore = 0;
    this.serverAsks = 0;
    /** @type {Promise<void> | null} */
    this.sending = null;
    /** @type {() => void} */
    this.changed = () => {};
    /** Called when the server refused something for good. @type {() => void} */
    this.refused = () => {};
  }

  /** Send unless the server has asked for patience; calls during a sending join it. @returns {Promise<void>} */
  nudge() {
    if (!this.sending && performance.now() >= this.notBefore) {
      this.sending = alone(() => this._sendAll()).finally(() => {
        this.sending = null;
      });
    }
    return this.sending || Promise.resolve();
  }

  /** Send now unless the server itself asked to wait: the network is back, or a rating has no other place. */
  hurry() {
    this.notBefore = this.serverAsks;
    return this.nudge();
  }

  async _sendAll() {
    try {
      await this.outbox.releaseAgain();
      const { token } = this.device;
      let ratings = await this.outbox.oldest(this.batch);
      // A device that becomes another kiosk in between looks again at what is that one's to send.
      while (ratings.length && token === this.device.token) {
        await this._send(alike(ratings));
        ratings = await this.outbox.oldest(this.batch);
      }
      if (!ratings.length) this.failures = 0; // what failed before is nothing of this kiosk's any more
    } catch (error) {
      this._backOff(error);
    } finally {
      this.changed();
    }
  }

  /** @param {Kept[]} ratings all by the same clock */
  async _send(ratings) {
    const results = await this._results(ratings);
    const { settled, refused } = await this.outbox.settle(ratings, results);
    if (refused) this.refused();
    if (settled === 0) throw new Error("The answer names none of the ratings sent");
    this.failures = 0;
    this.batch = Math.min(BATCH, this.batch * 2);
  }

  /**
   * @param {Kept[]} ratings @returns {Promise<Result[]>}
   */
  async _results(ratings) {
    // By `sent_at` the server knows how wrong a clock is; moments that are in its own time need none.
    const clock = isMeasured(ratings[0]) ? {} : { sent_at: new Date().toISOString() };
    const body = JSON.stringify({ ...clock, ratings: ratings.map(sent) });
    try {
      const response = await this.device.call("/api/ratings", { method: "POST", body });
      if (response.status !== 202) throw new Error(`The server answered ${response.status}`);
      const { results } = await response.json();
      return results.filter(Boolean);
    } catch (error) {
      const unreadable = error instanceof Declined && [400, 413, 422].includes(error.status);
      if (!unreadable) throw error;
      return this._smaller(ratings, error);
    }
  }

  /**
   * A batch that is too large or cannot be read is cut in half until the culprit stands alone; that one moves
   * aside, or it would hold back all that come after it. Only the server's own word counts for this: a captive
   * portal also answers 400.
   * @param {Kept[]} ratings @param {Declined} error @returns {Promise<Result[]>}
   */
  async _smaller(ratings, error) {
    if (ratings.length > 1) {
      this.batch = Math.ceil(ratings.length / 2);
      return this._results(ratings.slice(0, this.batch));
    }
    if (!error.problem || !error.problem.title) throw error;
    const { code = String(error.status), detail = error.problem.title } = error.problem;
    return [{ id: ratings[0].id, status: "refused", code, detail }];
  }

  /** @param {unknown} error */
  _backOff(error) {
    this.failures += 1;
    // On a line too thin for a large batch a smaller one gets through; and a screen without network reads less.
    this.batch = Math.ceil(this.batch / 2);
    const now = performance.now();
    const own = Math.min(SLOWEST, 1000 * 2 ** Math.min(this.failures, 5));
    this.serverAsks = now + (error instanceof Declined ? error.wait * 1000 : 0);
    // Jitter, or a hundred screens knock together when the network returns.
    this.notBefore = Math.max(this.serverAsks, now + own * (0.5 + Math.random() / 2));
  }
}

/** The first of these ratings that go by the same clock. @param {Kept[]} ratings @returns {Kept[]} */
function alike(ratings) {
  const other = ratings.findIndex((rating) => isMeasured(rating) !== isMeasured(ratings[0]));
  return other < 0 ? ratings : ratings.slice(0, other);
}

/**
 * Do `work` unless another tab is doing it. Where locks are missing two tabs may send the same rating: the
 * server counts it once.
 * @param {() => Promise<void>} work @returns {Promise<void>}
 */
async function alone(work) {
  if (!navigator.locks) return work();
  await navigator.locks.request("suara-loket-sender", { ifAvailable: true }, (lock) => (lock ? work() : undefined));
}
