// @ts-check
// The door to the technician's page: a keypad for the PIN that the administrator knows, checked without network.
import { el, filled, heading } from "./dom.js";

/** @typedef {import("./types.js").Words} Words */

const TRIES = 5;
const WAIT = 60000;

/** @param {import("./types.js").Config | null} config @returns {string | null} the PIN, where the server has told one */
export function pinOf(config) {
  const { pin } = /** @type {{pin?: unknown}} */ (config || {});
  return typeof pin === "string" && /^\d{6}$/.test(pin) ? pin : null;
}

/** Counts wrong PINs, also through a reload: whoever tries them all needs years. */
export class Tries {
  /** @param {import("./storage.js").Storage} storage */
  constructor(storage) {
    this.storage = storage;
    this.wrong = 0;
    this.until = 0;
  }

  async load() {
    this.wrong = (await this.storage.kept("wrong_pins").catch(() => 0)) || 0;
    if (this.wrong >= TRIES) this.until = performance.now() + WAIT;
  }

  /** @returns {number} milliseconds until the next try is heard */
  wait() {
    return Math.max(0, this.until - performance.now());
  }

  /** @returns {number} how many tries are left */
  left() {
    return this.wrong >= TRIES ? TRIES : TRIES - this.wrong;
  }

  /** @param {boolean} right */
  tried(right) {
    this.wrong = right ? 0 : (this.wrong % TRIES) + 1;
    this.until = this.wrong === TRIES ? performance.now() + WAIT : 0;
    this.storage.keep("wrong_pins", this.wrong).catch(() => {});
  }
}

/**
 * @param {Words} words @param {string} pin @param {Tries} tries @param {{opened: () => void, back: () => void}} does
 * @returns {HTMLElement}
 */
export function keypad(words, pin, tries, does) {
  const trouble = el("p", { class: "trouble", id: "trouble", role: "alert" });
  const field = /** @type {HTMLInputElement} */ (el("input", {
    id: "pin", type: "text", inputmode: "none", autocomplete: "off", maxlength: pin.length,
    "aria-describedby": "trouble", onInput: () => typed(field.value),
  }));
  const typed = (/** @type {string} */ text) => {
    field.value = tries.wait() ? "" : text.replace(/\D/g, "").slice(0, pin.length);
    if (field.value.length < pin.length) return;
    const right = field.value === pin;
    field.value = "";
    tries.tried(right);
    if (right) return does.opened();
    if (!rest()) trouble.textContent = filled(words.tech_pin_wrong, { count: tries.left() });
  };
  const rest = () => {
    const wait = tries.wait();
    keys.concat(field).forEach((one) => (one.disabled = wait > 0));
    trouble.textContent = wait ? words.tech_pin_wait : "";
    if (wait) setTimeout(rest, wait + 50);
    return wait > 0;
  };
  /** @param {string} text @param {string} action @param {() => void} onClick */
  const key = (text, action, onClick) =>
    /** @type {HTMLButtonElement} */ (el("button", { class: "key", type: "button", "data-action": action, onClick }, text));
  const digit = (/** @type {string} */ one) => key(one, `key-${one}`, () => typed(field.value + one));
  const remove = key(words.tech_delete, "delete", () => typed(field.value.slice(0, -1)));
  const keys = Array.from("123456789", digit).concat(remove, digit("0"));
  rest();
  const door = el("section", { class: "pin" },
    el("div", { class: "pin-ask" },
      heading(words.tech_pin_title),
      el("label", { for: "pin" }, words.tech_pin),
      field,
      el("p", { class: "aside" }, words.tech_pin_where),
      trouble),
    el("div", { class: "keys", role: "group", "aria-label": words.tech_pin }, ...keys),
    el("div", { class: "pin-back" }, back(words, does.back)));
  // A keyboard need not find the field first.
  const anywhere = (/** @type {KeyboardEvent} */ { key: one, target }) => {
    if (!door.isConnected) return document.removeEventListener("keydown", anywhere);
    if (target === field) return;
    if (/^\d$/.test(one)) typed(field.value + one);
    else if (one === "Backspace") typed(field.value.slice(0, -1));
  };
  document.addEventListener("keydown", anywhere);
  return door;
}

/** @param {Words} words @param {() => void} goBack @returns {HTMLElement} nobody has told this screen a PIN */
export function withoutPin(words, goBack) {
  return el("section", { class: "notice" },
    heading(words.tech_no_pin_title),
    el("p", {}, words.tech_no_pin_text),
    el("p", { class: "aside" }, words.tech_pin_where),
    back(words, goBack));
}

/** @param {Words} words @param {() => void} onClick */
export function back(words, onClick) {
  return el("button", { class: "button", type: "button", "data-action": "leave", onClick }, words.back);
}
