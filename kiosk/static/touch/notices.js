// @ts-check
// The screens that are not part of a visit: getting ready, enrolment, and an enrolment withdrawn.
import { Declined } from "./device.js";
import { byId, el, filled, heading } from "./dom.js";

/** @typedef {import("./types.js").Words} Words */

const CODE = /^([0-9A-Z]{4})([0-9A-Z]{4})$/;

/** @param {Words} words @returns {HTMLElement} the device is enrolled and has never had a configuration */
export function waiting(words) {
  return el("section", { class: "notice" }, heading(words.waiting_title), el("p", {}, words.waiting_text));
}

/** @param {Words} words @param {number} kept ratings @param {() => void} again @returns {HTMLElement} */
export function revoked(words, kept, again) {
  return el("section", { class: "notice" },
    heading(words.revoked_title),
    el("p", {}, words.revoked_text),
    kept > 0 && el("p", { class: "aside" }, filled(words.revoked_kept, { count: kept })),
    el("button", { class: "button", type: "button", "data-action": "enrol-again", onClick: again }, words.revoked_again));
}

/**
 * @param {Words} words @param {string} code typed or brought by the link so far
 * @param {{typed: (code: string) => void, enrol: (code: string) => Promise<void>, back?: () => void}} does `back` leads
 *   whoever has a place to go back to there
 * @returns {HTMLElement}
 */
export function enrolment(words, code, does) {
  const trouble = el("p", { class: "trouble", id: "trouble", role: "alert" });
  const field = /** @type {HTMLInputElement} */ (el("input", {
    id: "code", name: "code", type: "text", autocomplete: "off", autocapitalize: "characters", spellcheck: "false",
    inputmode: "text", maxlength: 12, "aria-describedby": "code-example trouble",
    onInput: () => does.typed(field.value),
  }));
  field.value = code;
  const button = /** @type {HTMLButtonElement} */ (
    el("button", { class: "button primary", type: "submit", "data-action": "enrol" }, words.enrol_send)
  );
  /** @param {string} text */
  const say = (text) => {
    trouble.textContent = text;
    field.setAttribute("aria-invalid", String(Boolean(text)));
    if (text) field.focus();
  };
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const given = normal(field.value);
    if (!given) return say(words.enrol_length);
    say("");
    field.value = given;
    button.disabled = true;
    button.textContent = words.enrol_busy;
    try {
      await does.enrol(given);
    } catch (error) {
      say(reason(error, words));
    } finally {
      button.disabled = false;
      button.textContent = words.enrol_send;
    }
  };
  return el("section", { class: "notice" },
    heading(words.enrol_title),
    el("p", {}, words.enrol_help),
    el("form", { class: "enrol", novalidate: true, onSubmit: submit },
      el("label", { for: "code" }, words.enrol_code),
      field,
      el("p", { class: "aside", id: "code-example" }, words.enrol_example),
      trouble,
      button),
    does.back
      ? el("button", { class: "button quiet", type: "button", "data-action": "keep", onClick: does.back }, words.back)
      : null,
    trusting(words));
}

/** @param {Words} words @returns {HTMLElement | null} the way to the server's own certificate, where it has one */
function trusting(words) {
  const { certificate } = byId("screen").dataset;
  return certificate ? el("a", { class: "trust", href: certificate }, words.enrol_trust) : null;
}

/** @param {string} typed @returns {string | null} ABCD-2345, however it was typed; null when it cannot be a code */
function normal(typed) {
  const match = CODE.exec(typed.toUpperCase().replace(/[^0-9A-Z]/g, ""));
  return match ? `${match[1]}-${match[2]}` : null;
}

/** @param {unknown} error @param {Words} words @returns {string} the server's own sentence where it has one */
function reason(error, words) {
  if (!(error instanceof Declined)) return words.enrol_offline;
  return (error.problem && error.problem.detail) || words.enrol_failed;
}
