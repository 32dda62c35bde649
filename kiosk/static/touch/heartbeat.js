// @ts-check
// Tells the server now and then that this screen is alive and how its visits ended, and hears what the server wishes.
import { battery, isPersisted, isSecure, room, voices } from "./condition.js";
import { memoryOnly } from "./export.js";

/** @typedef {import("./types.js").Ending} Ending */
/** @typedef {Record<Ending, number>} Visits */

/** @returns {Visits} */
const none = () => ({ rated: 0, skipped: 0, timed_out: 0 });

export class Heartbeat {
  /**
   * @param {import("./storage.js").Storage} storage @param {import("./device.js").Device} device
   * @param {import("./outbox.js").Outbox} outbox @param {import("./speech.js").Speech} speech
   * @param {string} version of the page
   */
  constructor(storage, device, outbox, speech, version) {
    this.storage = storage;
    this.device = device;
    this.outbox = outbox;
    this.speech = speech;
    this.version = version;
    /** The wishes to load the page anew that are not fulfilled. @type {string[]} */
    this.reloads = [];
    /** Called when there is a wish. @type {() => void} */
    this.wished = () => {};
  }

  /** Count a visit that is over. @param {Ending} ending @param {number} [times] */
  async ended(ending, times = 1) {
    await this.storage
      .alter("visits", (visits = none()) => ({ ...visits, [ending]: visits[ending] + times }))
      .catch(() => {}); // a lost count is not worth a resident's attention
  }

  /** Report once. Visits are counted since the enrolment, so that a report that is lost loses nothing. */
  async beat() {
    const kept = (/** @type {string} */ key) => this.storage.kept(key).catch(() => undefined);
    const [{ waiting, held, refused, oldest }, visits, sequence, done, power, persisted, { used, quota }] =
      await Promise.all([
        this.outbox.count(), kept("visits"), kept("sequence"), kept("done"), battery(), isPersisted(), room(),
      ]);
    const report = {
      outbox: waiting + held, held, oldest, refused, version: this.version, clock: new Date().toISOString(),
      battery: power && power.level, visits: visits || none(), storage: this.outbox.failing ? "memory" : "device",
      sequence: sequence || 0, persisted, used, quota, secure: isSecure(), voices: voices(this.speech), done: done || [],
    };
    const response = await this.device.call("/api/kiosk/heartbeat", { method: "POST", body: JSON.stringify(report) });
    const { commands } = await response.json();
    await this._hear(Array.isArray(commands) ? commands : [], report.done);
  }

  /** Load the page anew as the server wishes: once for each wish, and never where that would lose a rating. */
  async obey(reload = () => location.reload()) {
    const wishes = this.reloads;
    if (!wishes.length || memoryOnly(this.outbox)) return;
    // On the disk first: a device that forgets what it did would load anew with every heartbeat.
    await this.storage.alter("done", (done = []) => done.concat(wishes.filter((id) => !done.includes(id))));
    reload();
  }

  /** @param {any[]} commands repeated by the server until it has heard that they are done @param {string[]} done */
  async _hear(commands, done) {
    const ids = commands.map((command) => command && command.id);
    if (done.some((id) => !ids.includes(id))) {
      await this.storage.alter("done", (/** @type {string[]} */ kept = []) => kept.filter((id) => ids.includes(id)));
    }
    this.reloads = commands
      .filter((command) => command && typeof command.id === "string" && command.do === "reload")
      .map(({ id }) => id)
      .filter((id) => !done.includes(id));
    if (this.reloads.length) this.wished();
  }
}
