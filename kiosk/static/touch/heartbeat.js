// @ts-check
// Tells the server now and then that this screen is alive and how its visits ended.
/** @typedef {import("./types.js").Ending} Ending */
/** @typedef {Record<Ending, number>} Visits */

/** @returns {Visits} */
const none = () => ({ rated: 0, skipped: 0, timed_out: 0 });

export class Heartbeat {
  /**
   * @param {import("./storage.js").Storage} storage @param {import("./device.js").Device} device
   * @param {import("./outbox.js").Outbox} outbox @param {string} version of the page
   */
  constructor(storage, device, outbox, version) {
    this.storage = storage;
    this.device = device;
    this.outbox = outbox;
    this.version = version;
  }

  /** Count a visit that is over. @param {Ending} ending @param {number} [times] */
  ended(ending, times = 1) {
    return this._alterVisits({ ...none(), [ending]: times });
  }

  /** Report once; the visits reported are forgotten only when the server has them. */
  async beat() {
    const [{ waiting, held, refused, oldest }, visits, battery] = await Promise.all([
      this.outbox.count(),
      this.storage.kept("visits").catch(() => undefined),
      batteryLevel(),
    ]);
    const report = {
      outbox: waiting + held, oldest, refused, version: this.version, clock: new Date().toISOString(), battery,
      visits: visits || none(), storage: this.outbox.failing ? "memory" : "device",
    };
    await this.device.call("/api/kiosk/heartbeat", { method: "POST", body: JSON.stringify(report) });
    const { rated, skipped, timed_out } = report.visits;
    await this._alterVisits({ rated: -rated, skipped: -skipped, timed_out: -timed_out });
  }

  /** @param {Visits} change */
  async _alterVisits(change) {
    await this.storage
      .alter("visits", (visits = none()) => ({
        rated: Math.max(0, visits.rated + change.rated),
        skipped: Math.max(0, visits.skipped + change.skipped),
        timed_out: Math.max(0, visits.timed_out + change.timed_out),
      }))
      .catch(() => {}); // a lost count is not worth a resident's attention
  }
}

/** @returns {Promise<number | null>} 0 to 1; null where the browser does not tell */
async function batteryLevel() {
  const { getBattery } = /** @type {any} */ (navigator);
  if (!getBattery) return null;
  return getBattery.call(navigator).then((/** @type {any} */ battery) => battery.level, () => null);
}
