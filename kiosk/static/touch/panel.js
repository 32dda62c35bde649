// @ts-check
// The technician's page as it is drawn: warnings, what a hand can do, and the facts, which are told anew while it stands.
import { el, heading, replace } from "./dom.js";
import { back } from "./pin.js";
import { groups, warnings } from "./report.js";

/** @typedef {import("./types.js").Words} Words */

const DEEDS = /** @type {const} */ (["send", "export", "print", "persist", "reload", "enrol"]);

export class Panel {
  /**
   * @param {Words} words @param {import("./types.js").Language} language
   * @param {Record<(typeof DEEDS)[number] | "leave", () => void>} does
   */
  constructor(words, language, does) {
    this.words = words;
    this.language = language;
    this.told = "";
    this.said = el("p", { class: "said", role: "status" });
    this.warnings = el("ul", { class: "warnings" });
    this.facts = el("div", { class: "facts" });
    this.element = el("section", { class: "technician" },
      heading(words.tech_title),
      this.warnings,
      el("div", { class: "deeds" }, ...DEEDS.map((deed) => this._button(deed, does[deed]))),
      this.said,
      this.facts,
      el("div", { class: "technician-back" }, back(words, does.leave)));
  }

  /** Show how the device is; what has not changed stays as it stands. @param {import("./report.js").Facts} facts */
  tell(facts) {
    const wrong = warnings(facts, this.words);
    const all = groups(facts, this.words, this.language);
    const told = JSON.stringify([wrong, all]);
    if (told === this.told) return;
    this.told = told;
    this.warnings.hidden = !wrong.length;
    replace(this.warnings, ...wrong.map((text) => el("li", {}, text)));
    replace(this.facts, ...all.map(({ title, lines }) => el("section", { class: "group" },
      el("h2", {}, title),
      el("dl", {}, ...lines.map(({ label, value, bad }) =>
        el("div", { class: bad ? "fact bad" : "fact" }, el("dt", {}, label), el("dd", {}, value)))))));
    const protect = this.element.querySelector("[data-action=persist]");
    if (protect) /** @type {HTMLElement} */ (protect).hidden = facts.persisted !== false;
  }

  /** @param {string} text what came of what was touched */
  say(text) {
    this.said.textContent = text;
  }

  /** @param {(typeof DEEDS)[number]} deed @param {() => void} onClick */
  _button(deed, onClick) {
    const kind = deed === "send" ? "button primary" : "button";
    return el("button", { class: kind, type: "button", "data-action": deed === "send" ? "send-now" : deed, onClick },
      this.words[`tech_do_${deed}`]);
  }
}
