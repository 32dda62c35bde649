// @ts-check
// Notices when the person has walked away, asks once, and then lets the screen go back to its start.
import { byId, filled } from "./dom.js";

const SIGNS_OF_LIFE = ["pointerdown", "keydown", "input", "wheel", "scroll"];

export class Idle {
  /** @param {() => void} left called when nobody answered @param {() => void} stayed called when a hand did */
  constructor(left, stayed) {
    this.left = left;
    /** @type {{idle_seconds: number, countdown_seconds: number} | null} */
    this.timers = null;
    this.timer = 0;
    /** @type {import("./types.js").Words} */
    this.words = {};
    this.dialog = /** @type {HTMLDialogElement} */ (byId("idle"));
    this.dialog.addEventListener("close", () => this.alive());
    // A hand anywhere on the glass is an answer too.
    this.dialog.addEventListener("click", () => {
      stayed();
      this.dialog.close();
    });
    SIGNS_OF_LIFE.forEach((sign) =>
      document.addEventListener(sign, () => this.dialog.open || this.alive(), { passive: true, capture: true }),
    );
  }

  /** Watch a screen. @param {{idle_seconds: number, countdown_seconds: number}} timers @param {import("./types.js").Words} words */
  watch(timers, words) {
    this.timers = timers;
    this.words = words;
    byId("idle-title").textContent = words.idle_title;
    byId("stay").textContent = words.idle_stay;
    this.alive();
  }

  /** Watch nothing: this screen may stand for ever. */
  rest() {
    this.timers = null;
    clearTimeout(this.timer);
    if (this.dialog.open) this.dialog.close();
  }

  /** Someone is there. */
  alive() {
    clearTimeout(this.timer);
    if (this.timers) this.timer = window.setTimeout(() => this._ask(), this.timers.idle_seconds * 1000);
  }

  _ask() {
    if (!this.timers) return;
    if (!this.dialog.open) this.dialog.showModal();
    byId("stay").focus();
    this._count(this.timers.countdown_seconds);
  }

  /** @param {number} seconds */
  _count(seconds) {
    if (seconds <= 0) {
      this.rest();
      this.left();
      return;
    }
    byId("idle-leaving").textContent = filled(this.words.idle_leaving, { seconds });
    this.timer = window.setTimeout(() => this._count(seconds - 1), 1000);
  }
}
