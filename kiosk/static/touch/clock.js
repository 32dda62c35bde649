// @ts-check
// The moment by the server's clock, on a device whose own may be wrong and may be set at any time.

const JUMP = 60000; // clocks drift by less between two contacts; who sets a clock moves it by more

export class Clock {
  /** @param {import("./storage.js").Storage} storage */
  constructor(storage) {
    this.storage = storage;
    /** What the server's clock shows more than the device's; until it is measured, what an earlier page knew. */
    this.offset = 0;
    this.measured = false;
    this.beat = beat();
  }

  async load() {
    this.offset = (await this.storage.kept("offset").catch(() => undefined)) || 0;
  }

  /** The moment by the server's clock, as well as the device knows it. @returns {number} */
  now() {
    this._notice();
    return Date.now() + this.offset;
  }

  /**
   * The moment a rating is given: in the server's time where this page has measured it, and so right whatever becomes
   * of the device's clock; else by the device's own clock, which the server corrects by `sent_at`.
   * @returns {{given_at: string, offset: number | null}}
   */
  stamp() {
    this._notice();
    const offset = this.measured ? this.offset : null;
    return { given_at: new Date(Date.now() + (offset || 0)).toISOString(), offset };
  }

  /** Learn the time from an answer. @param {Response} response @param {number} began by performance.now() */
  learn(response, began) {
    const date = Date.parse(response.headers.get("Date") || "");
    if (Number.isNaN(date) || !isOurs(response)) return;
    // The header is cut to whole seconds: half a second later is the best guess.
    const offset = date + 500 - (Date.now() - (performance.now() - began) / 2);
    if (Math.abs(offset - this.offset) > JUMP) this.storage.keep("offset", offset).catch(() => {});
    this.offset = offset;
    this.measured = true;
    this.beat = beat();
  }

  /** A clock that was set since (or a device that slept) leaves a wrong offset behind: better none than that. */
  _notice() {
    const now = beat();
    if (Math.abs(now - this.beat) <= JUMP) return;
    this.beat = now;
    this.offset = 0;
    this.measured = false;
    this.storage.keep("offset", 0).catch(() => {});
  }
}

/** The same number for as long as nobody sets the clock. @returns {number} */
function beat() {
  return Date.now() - performance.now();
}

/** A captive portal's page has a time as well, and nobody vouches for it. @param {Response} response */
export function isOurs(response) {
  return response.status === 304 || (response.headers.get("Content-Type") || "").includes("json");
}
