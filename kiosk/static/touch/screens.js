// @ts-check
// What each screen of a visit consists of. A screen is built from the visit and the words, and tells what was
// touched by `send`; it decides nothing.
import { attract } from "./attract.js";
import { el, filled, heading, icon } from "./dom.js";
import { form } from "./form.js";
import { actions, disc, dots, quiet } from "./parts.js";
import { phone } from "./phone.js";
import { second } from "./second.js";

/** @typedef {import("./state.js").Visit} Visit */
/** @typedef {import("./types.js").Officer} Officer */
/** @typedef {{
 *   visit: Visit, words: import("./types.js").Words, config: import("./types.js").Config,
 *   grid: Officer[], now: number, slideSeconds: number, send: (event: import("./state.js").Event) => void,
 *   touch: () => void, press: (overall: number, button: HTMLElement) => void, toPhone: () => void,
 *   finish: () => void, skip: () => void
 * }} View `send` is for what only moves the visit on; the others also do something in the world. */

const LETTERS_A_SECOND = 20;

/** @param {View} view @returns {HTMLElement} */
export function screen(view) {
  return BUILDERS[view.visit.screen](view);
}

/** @type {Record<import("./state.js").Screen, (view: View) => HTMLElement>} */
const BUILDERS = { attract, grid, question, phone, second, form, thanks, unsaved };

/**
 * How many seconds the thanks take to read for what changed.
 * @param {import("./types.js").Config | null} config @param {import("./types.js").Language} language @returns {number}
 */
export function readingSeconds(config, language) {
  const changed = config && config.screen && config.screen.changed;
  return changed ? Math.ceil(changed[language].length / LETTERS_A_SECOND) : 0;
}

/** @param {View} view */
function question({ visit, config, words, send, press, toPhone }) {
  return el("section", { class: "question" },
    heading(words.question),
    el("div", { class: "faces", role: "group", "aria-label": words.question },
      ...[4, 3, 2, 1].map((overall) => face(overall, words, press))),
    actions(
      el("div", { class: "ways" },
        quiet(words.back, "back", () => send({ type: "back" }), "back"),
        config.link ? quiet(words.phone_open, "phone", toPhone) : null),
      dots(filled(words.step, { step: 1 }), 1, 2),
      visit.picked
        ? el("span")
        : quiet(words.not_this_officer, "not-this-officer", () => send({ type: "not_this_officer" }))));
}

/** @param {number} overall @param {import("./types.js").Words} words @param {View["press"]} press */
function face(overall, words, press) {
  /** @type {HTMLElement} */
  const button = el("button", {
    class: `face answer-${overall}`, type: "button", "data-overall": overall,
    onClick: () => press(overall, button),
  }, icon(`face-${overall}`, "face-drawing"), el("span", { class: "face-word" }, words[`answer_${overall}`]));
  return button;
}

/** @param {View} view */
function grid({ words, config, grid: officers, send }) {
  const cards = officers.map((officer) =>
    el("li", {},
      el("button", {
        class: "officer", type: "button", "data-officer": officer.code,
        onClick: () => send({ type: "officer_chosen", officer: officer.code }),
      }, disc(officer), el("span", { class: "officer-name" }, officer.name))));
  return el("section", { class: officers.length > 12 ? "grid many" : "grid" },
    heading(cards.length ? words.grid_title : words.grid_empty),
    el("ul", { class: "officers", hidden: !cards.length }, ...cards),
    actions(quiet(words.back, "back", () => send({ type: "back" }), "back"),
      dots(filled(words.step, { step: 1 }), 1, 2),
      el("p", { class: "place" }, config.counter ? config.counter.name : "")));
}

/** @param {View} view */
function thanks({ visit, words, config, send }) {
  const changed = config.screen && config.screen.changed;
  return el("section", { class: changed ? "thanks with-news" : "thanks" },
    el("div", { class: "recorded", role: "status" },
      icon("check", "sign"),
      heading2(words.thanks, words.recorded),
      el("p", { class: "promise" }, words.promise)),
    changed ? el("div", { class: "changed" },
      el("h2", {}, words.changed_title),
      el("p", {}, changed[visit.language])) : null,
    changed ? quiet(words.close, "close", () => send({ type: "returned" })) : null);
}

/** @param {View} view */
function unsaved({ words, send }) {
  return el("section", { class: "thanks", role: "alert" },
    heading2(words.unsaved_title, words.unsaved_text),
    el("button", {
      class: "button primary", type: "button", "data-action": "close", onClick: () => send({ type: "returned" }),
    }, words.close));
}

/** One heading of two sentences. @param {string} first @param {string} then */
function heading2(first, then) {
  const title = heading("");
  title.append(el("span", { class: "first" }, first), " ", el("span", { class: "then" }, then));
  return title;
}
