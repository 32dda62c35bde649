// @ts-check
// The kiosk itself: turns what a person touches into a visit, keeps the rating the moment it is given, and
// shows the screen that follows.
import { showChosen } from "./asking.js";
import { asleep, showTime } from "./attract.js";
import { byId, filled, replace } from "./dom.js";
import { grid, officerOnDuty } from "./duty.js";
import { enrolment, revoked, waiting } from "./notices.js";
import { visitLink } from "./phone.js";
import { twoOf } from "./rotation.js";
import { readingSeconds, screen } from "./screens.js";
import { attract, next } from "./state.js";
import { uuid7 } from "./uuid7.js";

/** @typedef {import("./types.js").Config} Config */
/** @typedef {import("./state.js").Visit} Visit */
/** @typedef {import("./state.js").Event} Event */

const GLANCE = 10; // the face has filled since the finger came down; the next screen is due within 100 ms
const DOUBLE_TAP = 300;
const SLOW_DOUBLE_TAP = 600; // of an old or shaking hand
const UNKEPT_PATIENCE = 8000;
const GIVEN = ["second", "form", "thanks", "unsaved"]; // screens after the answer: they may end in peace

const WATCHED = ["grid", "question", "second", "form"];
const SCANNING = 3; // times as long: a person who is getting out a phone touches nothing
const NOTHING = { reasons: [], elements: {}, extras: {}, comment: "" };

export class Kiosk {
  /** @param {import("./app.js").Parts} parts */
  constructor(parts) {
    this.parts = parts;
    this.main = byId("screen");
    this.visit = attract();
    /** The configuration of this visit: a refresh in the middle never changes who is being rated. @type {Config | null} */
    this.config = null;
    this.enrolling = false;
    this.code = "";
    this.turn = 0;
    this.shown = "";
    this.finishing = false;
    this.timer = 0;
    this.guarding = 0;
    this.linking = 0;
    this.kept = 0;
    /** @type {Promise<void>} */
    this.holding = Promise.resolve();
    /** Called whenever the screen stands at its start. @type {() => void} */
    this.resting = () => {};
  }

  /** Let the visit know what happened and show what follows. @param {Event} event @param {number} [delay] */
  send(event, delay = 0) {
    const before = this.visit;
    this.visit = next(before, event);
    if (this.visit === before) return;
    // Nobody sent what was half written: only what was ticked goes along with the answer.
    if (event.type === "timed_out" && before.rating) this._complete({ ...before, comment: "" });
    if (this.visit.ended && !before.ended) this.parts.heartbeat.ended(this.visit.ended);
    if (delay) setTimeout(() => this.show(), delay);
    else this.show();
  }

  /** A person stands before the screen. */
  touch() {
    const officer = this.config && officerOnDuty(this.config, this.parts.clock.now());
    this.send({ type: "touched", officer: officer ? officer.code : null });
  }

  /** The answer: kept on the device before anything else happens. @param {number} overall @param {HTMLElement} face */
  press(overall, face) {
    const { visit, config } = this;
    if (visit.screen !== "question" || !visit.officer || !config) return;
    const { given_at, offset } = this.parts.clock.stamp();
    const rating = {
      id: uuid7(Date.parse(given_at)), officer: visit.officer, overall, given_at, language: visit.language,
      ...(visit.picked ? { picked: true } : {}),
      counter: config.counter ? config.counter.code : null,
      local: { office: config.office.code, offset },
    };
    this.holding = this.parts.outbox.hold(rating);
    face.classList.add("pressed");
    this.main.classList.add("answered");
    const asked = twoOf(config.elements[visit.language].map(({ code }) => code), this._nextTurn());
    this.send({ type: "pressed", rating: rating.id, overall, asked }, GLANCE);
  }

  /** Let the person answer on their own phone. */
  async toPhone() {
    const { visit, config } = this;
    if (visit.screen !== "question" || !visit.officer || !config || !config.link) return;
    this.linking += 1;
    const { linking } = this;
    this.send({ type: "phone_opened" });
    const link = await visitLink(this.parts.device, visit.officer, visit.language, config.link);
    // Another may stand here by now, and this link is not theirs.
    if (linking === this.linking) this.send({ type: "link_came", link });
  }

  /** The person is done after the answer: sent what they chose, or left it out. @param {boolean} skipped */
  async finish(skipped) {
    if (!["second", "form"].includes(this.visit.screen) || this.finishing) return;
    this.finishing = true;
    this.parts.idle.rest();
    const saved = await this._complete(skipped ? { ...this.visit, ...NOTHING } : this.visit);
    this.finishing = false;
    this.send({ type: "finished", saved });
  }

  /** Show what the state of things asks for. */
  show() {
    const { device, configuration, frame } = this.parts;
    if (device.revoked && !GIVEN.includes(this.visit.screen)) this.visit = { ...attract(), language: this.visit.language };
    if (this.visit.screen === "attract") this.config = configuration.config;
    const mode = this._mode();
    const words = configuration.words(this.visit.language);
    const sleeps = mode === "attract" && asleep(/** @type {Config} */ (this.config), this.parts.clock.now());
    document.body.classList.toggle("asleep", sleeps);
    const key = this._key(mode);
    if (key === this.shown) return this._refresh();
    const { screen: before } = document.body.dataset;
    this.shown = key;
    document.body.dataset.screen = mode;
    this.parts.speech.stop();
    frame.show(this.visit, words, Boolean(this.config && this.config.demo));
    this._showOfficer(words);
    this.main.classList.remove("answered");
    replace(this.main, this._build(mode, words));
    this._arrive(before === mode, before === "start");
    this._time(mode, words);
    if (mode === "attract") this.resting();
  }

  /** Let the screen that stands go with the person, and with the time. */
  _refresh() {
    showChosen(this.main, this.visit);
    if (this.config) showTime(this.main, this.config, this.visit.language, this.parts.clock.now());
  }

  /** A moment has passed: the clock goes on, and at its hour the screen falls asleep or wakes up. */
  tick() {
    if (this.visit.screen === "attract") this.show();
  }

  /** Whatever makes this another screen to build. @param {string} mode @returns {string} */
  _key(mode) {
    const { language, contrast, officer, page, link } = this.visit;
    const version = this.config && this.config.version;
    if (this.parts.technician.screen) return [mode, language].join("|");
    const sleeping = document.body.classList.contains("asleep");
    return [
      mode, language, version, officer, mode === "revoked" && this.kept, contrast, page, Boolean(link), sleeping,
    ].join("|");
  }

  /** @param {import("./types.js").Words} words */
  _showOfficer(words) {
    const { officer, screen: name } = this.visit;
    const shown = this.config && name !== "grid" && this.config.officers.find(({ code }) => code === officer);
    const counter = this.config && this.config.counter ? this.config.counter.name : "";
    this.parts.frame.showOfficer(shown || null, counter, words);
  }

  /** @returns {string} */
  _mode() {
    const { device, technician } = this.parts;
    if (technician.screen) return technician.screen;
    if (this.enrolling || !device.token) return "enrol";
    if (device.revoked && !GIVEN.includes(this.visit.screen)) return "revoked";
    return this.config ? this.visit.screen : "waiting";
  }

  /** @param {string} mode @param {import("./types.js").Words} words @returns {HTMLElement} */
  _build(mode, words) {
    const { technician } = this.parts;
    if (technician.screen) return technician.build(words, this.visit.language);
    if (mode === "waiting") return waiting(words);
    if (mode === "enrol") {
      return enrolment(words, this.code, {
        typed: (code) => (this.code = code), enrol: (code) => this._enrol(code),
        ...(technician.enrolling ? { back: () => technician.stopEnrolling() } : {}),
      });
    }
    if (mode === "revoked") return revoked(words, this.kept, () => this.again(true));
    const config = /** @type {Config} */ (this.config);
    const now = this.parts.clock.now();
    return screen({
      visit: this.visit, words, config, grid: grid(config, now), now,
      slideSeconds: this.parts.configuration.timers.slide_seconds,
      send: (event) => this.send(event), touch: () => this.touch(),
      press: (overall, face) => this.press(overall, face), toPhone: () => this.toPhone(),
      finish: () => this.finish(false), skip: () => this.finish(true),
    });
  }

  /**
   * Let a new screen be read from its heading. A change of language leaves the focus where it is, and a page that
   * has just opened is read from its top anyway: a ring around the title would greet the whole room.
   * @param {boolean} sameScreen @param {boolean} opening
   */
  _arrive(sameScreen, opening) {
    const title = /** @type {HTMLElement} */ (this.main.querySelector("h1"));
    document.title = `${title.textContent} · Suara Loket`;
    if (sameScreen || opening) return;
    window.scrollTo(0, 0);
    this.main.scrollTop = 0;
    title.focus({ preventScroll: true });
    this.guard();
  }

  /** Let the second tap of a double tap choose nothing on a screen nobody has seen yet; a face counts at once. */
  guard() {
    const wait = document.body.dataset.screen === "question" ? SLOW_DOUBLE_TAP : DOUBLE_TAP;
    clearTimeout(this.guarding);
    this.main.classList.add("arriving");
    this.guarding = window.setTimeout(() => this.main.classList.remove("arriving"), wait);
  }

  /** @param {string} mode @param {import("./types.js").Words} words */
  _time(mode, words) {
    const { configuration, idle } = this.parts;
    clearTimeout(this.timer);
    const timers = configuration.timers;
    if (WATCHED.includes(mode)) idle.watch(timers, words);
    else if (mode === "phone") idle.watch({ ...timers, idle_seconds: SCANNING * timers.idle_seconds }, words);
    else idle.rest();
    if (mode === "thanks") this._returnAfter(timers.thanks_seconds + readingSeconds(this.config, this.visit.language));
    else if (mode === "unsaved") this._returnAfter(2 * timers.thanks_seconds);
    // Whoever chose English or high contrast has walked on; the next person begins as everybody does.
    else if (mode === "attract" && (this.visit.language !== "id" || this.visit.contrast)) {
      this._returnAfter(timers.idle_seconds);
    }
  }

  /** Go back to the start, but not in the middle of what is being read aloud. @param {number} seconds */
  _returnAfter(seconds) {
    const back = () => (this.parts.speech.reading ? this._returnAfter(1) : this.send({ type: "returned" }));
    this.timer = window.setTimeout(back, seconds * 1000);
  }

  /** Release the rating with whatever was chosen. @param {Visit} visit @returns {Promise<boolean>} whether it is safe */
  async _complete(visit) {
    const { outbox, sender } = this.parts;
    const id = String(visit.rating);
    await this.holding;
    const kept = await outbox.release(id, visit);
    if (kept) {
      sender.nudge();
      return true;
    }
    // Only memory has it: thank the person when the server has it too, and not before. A sending that is just
    // ending may have missed it, hence the second try.
    const sent = sender.hurry().then(() => (outbox.isUnkept(id) ? sender.hurry() : undefined));
    await Promise.race([sent, new Promise((resolve) => setTimeout(resolve, UNKEPT_PATIENCE))]);
    return !outbox.isUnkept(id);
  }

  /** @returns {number} this visit's place in the rotation of elements */
  _nextTurn() {
    const turn = this.turn;
    this.turn += 1;
    this.parts.storage.keep("turn", this.turn).catch(() => {});
    return turn;
  }

  /** @param {string} code */
  async _enrol(code) {
    await this.parts.device.enrol(code, this.visit.language);
    this.parts.technician.enrolling = false;
    this.enrolling = false;
    this.code = "";
    this.parts.enrolled();
    this.show();
  }

  /** Ask for a code although the device is or was enrolled, or no longer. @param {boolean} asking */
  again(asking) {
    this.enrolling = asking;
    this.show();
  }

  /** Tell staff, and nobody else, how this screen is doing. */
  async showStaff() {
    const { outbox, device, sender, configuration, frame } = this.parts;
    const { waiting: kept, held } = await outbox.count();
    this.kept = kept + held;
    const words = configuration.words("id");
    const apart = !device.online || sender.failures > 0;
    const text = outbox.failing ? words.staff_unkept : filled(words.staff_offline, { count: kept });
    const signs = [
      (apart || outbox.failing) && text,
      held > 0 && filled(words.staff_held, { count: held }),
    ].filter(Boolean).join(". ");
    frame.showStaff(device.token ? signs : "", apart || outbox.failing ? "no-network" : "tray");
    if (document.body.dataset.screen === "revoked") this.show();
  }
}
