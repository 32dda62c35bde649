// @ts-check
// The page a technician opens on the device itself, also without network: how it is, and what a hand can do about it.
import { battery, isPersisted, isSecure, persist, room, voices } from "./condition.js";
import { filled } from "./dom.js";
import { download, fileName, holdings, memoryOnly, written } from "./export.js";
import { number } from "./figures.js";
import { onHold } from "./hold.js";
import { Panel } from "./panel.js";
import { Tries, keypad, pinOf, withoutPin } from "./pin.js";
import { forgetPaper, print } from "./printing.js";

/** @typedef {import("./types.js").Words} Words */
/** @typedef {import("./types.js").Language} Language */

const SIGNS_OF_LIFE = ["pointerdown", "keydown", "input", "wheel", "scroll"];
const PAGE_SECONDS = 120;
const DOOR_SECONDS = 20; // a resident who came here by accident goes on soon
const LOOK_AGAIN = 5000;

/** @typedef {{show: () => void, mayOpen: () => boolean, enrol: (asking: boolean) => void}} Does */

export class Technician {
  /** @param {import("./app.js").Quiet} parts @param {Does} does */
  constructor(parts, does) {
    this.parts = parts;
    this.does = does;
    /** What stands in place of the visit; nothing while the screen is the residents'. @type {"" | "pin" | "technician"} */
    this.screen = "";
    this.tries = new Tries(parts.storage);
    /** @type {Panel | null} */
    this.panel = null;
    this.leaving = 0;
    this.looking = 0;
    this.enrolling = false;
    onHold(() => !this.screen && does.mayOpen(), () => this._go("pin"));
    SIGNS_OF_LIFE.forEach((sign) => document.addEventListener(sign, () => this._stay(), { passive: true, capture: true }));
    window.addEventListener("afterprint", forgetPaper);
  }

  load() {
    return this.tries.load();
  }

  /** @param {Words} words @param {Language} language @returns {HTMLElement} */
  build(words, language) {
    const leave = () => this._go("");
    if (this.screen === "pin") {
      const pin = pinOf(this.parts.configuration.config);
      return pin ? keypad(words, pin, this.tries, { opened: () => this._go("technician"), back: leave }) : withoutPin(words, leave);
    }
    this.panel = new Panel(words, language, {
      send: () => this._send(), reload: () => this._reload(), print: () => this._print(), export: () => this._export(),
      persist: () => this._persist(), enrol: () => this._enrol(), leave,
    });
    this._look();
    return this.panel.element;
  }

  /** @param {"" | "pin" | "technician"} screen */
  _go(screen) {
    this.screen = screen;
    this.panel = null;
    clearInterval(this.looking);
    if (screen === "technician") this.looking = window.setInterval(() => this._look(), LOOK_AGAIN);
    this._stay();
    this.does.show();
  }

  /** Whoever walks away leaves the screen to the residents. */
  _stay() {
    clearTimeout(this.leaving);
    if (!this.screen && !this.enrolling) return;
    this.leaving = window.setTimeout(() => this._leave(), (this.screen === "pin" ? DOOR_SECONDS : PAGE_SECONDS) * 1000);
  }

  _leave() {
    if (this.enrolling) this.stopEnrolling();
    else this._go("");
  }

  _enrol() {
    this.enrolling = Boolean(this.parts.device.token); // else there is nothing to go back to
    this._go("");
    this.does.enrol(true);
  }

  /** The device stays the kiosk it is. */
  stopEnrolling() {
    this.enrolling = false;
    this._stay();
    this.does.enrol(false);
  }

  async _look() {
    const { panel } = this;
    const facts = await this._facts();
    if (panel && panel === this.panel) panel.tell(facts);
  }

  /** @returns {Promise<import("./report.js").Facts>} */
  async _facts() {
    const { storage, clock, device, configuration, outbox, speech, version } = this.parts;
    const [counted, kept, { used, quota }, persisted, power, sequence] = await Promise.all([
      outbox.count(), holdings(storage, outbox), room(), isPersisted(), battery(),
      storage.kept("sequence").catch(() => 0),
    ]);
    const { contact, online, revoked } = device;
    const { waiting, held, oldest } = counted;
    return {
      config: configuration.config, version, address: location.origin, now: clock.now(),
      contact, online, revoked, waiting, held, oldest, refused: reasons(kept.found),
      drafts: kept.found.filter(({ state }) => state === "unfinished").length,
      memory: memoryOnly(outbox), failing: outbox.failing, broken: kept.broken || kept.unread > 0,
      sequence: sequence || 0, used, quota, persisted, secure: isSecure(),
      clock: { measured: clock.measured, offset: clock.offset }, battery: power, voices: voices(speech),
    };
  }

  async _send() {
    const { sender, heartbeat, outbox, device } = this.parts;
    this._say("tech_sending");
    await Promise.all([sender.hurry(), heartbeat.beat().catch(() => {})]);
    const { waiting } = await outbox.count();
    const { said, status } = device.contact;
    const why = said && this.panel ? filled(this.panel.words[`tech_said_${said}`], { status }) : "";
    this._say(waiting ? "tech_still_waiting" : "tech_all_sent", { count: waiting, why });
    this._look();
  }

  _reload() {
    const { outbox, device } = this.parts;
    if (memoryOnly(outbox)) return this._say("tech_reload_loses");
    const comesBack = device.online || (navigator.serviceWorker && navigator.serviceWorker.controller);
    if (!comesBack) return this._say("tech_reload_offline");
    location.reload();
  }

  async _print() {
    const { storage, outbox, configuration, clock } = this.parts;
    const { found } = await holdings(storage, outbox);
    if (!this.panel) return;
    if (!found.length) return this._say("tech_nothing");
    this._say("tech_printing");
    print(found, configuration.config, clock.now(), this.panel.words, this.panel.language);
  }

  async _export() {
    const { storage, outbox, configuration: { config }, clock } = this.parts;
    const { found, unread, broken } = await holdings(storage, outbox);
    if (!found.length) return this._say(broken || unread ? "tech_export_broken" : "tech_nothing");
    const file = fileName(config, clock.now());
    download(file, written(found, config, clock));
    this._say(broken || unread ? "tech_export_partly" : "tech_exported", { count: found.length, file });
  }

  async _persist() {
    const granted = await persist();
    this._say(granted ? "tech_persist_yes" : "tech_persist_no");
    this._look();
  }

  /** @param {string} word @param {Record<string, number | string>} [facts] */
  _say(word, facts = {}) {
    if (!this.panel) return;
    const { words, language } = this.panel;
    const { count } = facts;
    this.panel.say(filled(words[word], typeof count === "number" ? { ...facts, count: number(count, language) } : facts));
  }
}

/** @param {import("./export.js").Found[]} found @returns {{detail: string, count: number}[]} why how many were refused */
function reasons(found) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  found.filter(({ state }) => state === "refused").forEach(({ detail }) => counts.set(detail, (counts.get(detail) || 0) + 1));
  return Array.from(counts, ([detail, count]) => ({ detail, count })).sort((one, other) => other.count - one.count);
}
