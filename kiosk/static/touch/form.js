// @ts-check
// All the questions, for whoever chose to answer them: a few to a screen, each of them optional.
import { asking } from "./asking.js";
import { el, filled, heading } from "./dom.js";
import { actions, dots, quiet } from "./parts.js";

/** @typedef {import("./screens.js").View} View */
/** @typedef {import("./types.js").ElementQuestion} ElementQuestion */

const ON_A_PAGE = 3;

/** @param {import("./types.js").Config} config @param {import("./types.js").Language} language @returns {number} */
export function countOf(config, language) {
  return config.elements[language].length + extras(config, language).length;
}

/** @param {View} view @returns {HTMLElement} */
export function form(view) {
  const { visit: { page, language }, words, config, send, finish } = view;
  const count = countOf(config, language);
  const pages = Math.ceil(count / ON_A_PAGE);
  const first = page * ON_A_PAGE + 1;
  const last = Math.min(count, first + ON_A_PAGE - 1);
  const isLast = page + 1 >= pages;
  return el("section", { class: "form" },
    el("div", { class: "form-title" },
      heading(filled(first === last ? words.form_one : words.form_some, { first, last, count })),
      el("p", { class: "aside" }, words.form_optional)),
    el("div", { class: "form-questions" }, ...questions(view).slice(first - 1, last)),
    actions(
      quiet(words.back, "back", () => send({ type: "back" }), "back"),
      dots(filled(words.form_step, { step: page + 1, steps: pages }), page + 1, pages),
      el("button", {
        class: "button primary", type: "button", "data-action": isLast ? "send" : "forward",
        onClick: () => (isLast ? finish() : send({ type: "forward" })),
      }, isLast ? words.send : words.forward)));
}

/** @param {View} view @returns {HTMLElement[]} the nine, then the office's own */
function questions({ visit, config, send }) {
  const { language, elements, extras: own } = visit;
  return [
    ...config.elements[language].map((asked) =>
      asking(asked, "element", elements[asked.code], (answer) => send({ type: "element", code: asked.code, answer }))),
    ...extras(config, language).map((asked) =>
      asking(asked, "extra", own[asked.code], (answer) => send({ type: "extra", code: asked.code, answer }))),
  ];
}

/** @param {import("./types.js").Config} config @param {import("./types.js").Language} language @returns {ElementQuestion[]} */
function extras({ extra_elements: own }, language) {
  return own ? own[language] : [];
}
