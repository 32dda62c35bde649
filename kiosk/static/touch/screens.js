// @ts-check
// What each screen of a visit consists of. A screen is built from the visit and the words, and tells what was
// touched by `send`; it decides nothing.
import { el, heading, icon } from "./dom.js";
import { actions, disc, quiet } from "./parts.js";
import { second } from "./second.js";

/** @typedef {import("./state.js").Visit} Visit */
/** @typedef {import("./types.js").Officer} Officer */
/** @typedef {{
 *   visit: Visit, words: import("./types.js").Words, config: import("./types.js").Config,
 *   grid: Officer[], send: (event: import("./state.js").Event) => void,
 *   touch: () => void, press: (overall: number, button: HTMLElement) => void, finish: () => void
 * }} View `send` is for what only moves the visit on; the others also do something in the world. */

/** @param {View} view @returns {HTMLElement} */
export function screen(view) {
  return BUILDERS[view.visit.screen](view);
}

/** @type {Record<import("./state.js").Screen, (view: View) => HTMLElement>} */
const BUILDERS = { attract, grid, question, second, thanks, unsaved };

/** @param {View} view */
function attract({ words, config, touch }) {
  const place = config.counter
    ? `${config.office.name}, ${config.counter.name.replace(/ /g, "\u00a0")}`
    : config.office.name;
  // The whole screen answers a touch; the button is there for the keyboard and for whoever looks for one.
  return el("section", { class: "attract", onClick: touch },
    icon("scene", "scene"),
    el("div", { class: "welcome" },
      el("p", { class: "place" }, place),
      heading(words.attract_title),
      el("button", { class: "button primary large", type: "button", "data-action": "begin" }, words.attract_touch),
      el("p", { class: "promise" }, words.promise)));
}

/** @param {View} view */
function question({ visit, words, send, press }) {
  return el("section", { class: "question" },
    heading(words.question),
    el("div", { class: "faces", role: "group", "aria-label": words.question },
      ...[4, 3, 2, 1].map((overall) => face(overall, words, press))),
    actions(words, 1,
      quiet(words.back, "back", () => send({ type: "back" }), "back"),
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
    heading(words.grid_title),
    cards.length
      ? el("ul", { class: "officers" }, ...cards)
      : el("p", { class: "empty" }, words.grid_empty),
    actions(words, 1, quiet(words.back, "back", () => send({ type: "back" }), "back"),
      el("p", { class: "place" }, config.counter ? config.counter.name : "")));
}

/** @param {View} view */
function thanks({ words }) {
  return el("section", { class: "thanks", role: "status" },
    icon("check", "sign"),
    heading2(words.thanks, words.recorded),
    el("p", { class: "promise" }, words.promise));
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
