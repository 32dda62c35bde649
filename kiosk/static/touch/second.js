// @ts-check
// The second and last screen, all of it optional: quick reasons, two of the nine elements, a comment; and the way to
// all nine for whoever likes to say more.
import { asking } from "./asking.js";
import { el, filled, heading, icon } from "./dom.js";
import { countOf } from "./form.js";
import { actions, dots, quiet } from "./parts.js";
import { COMMENT_LIMIT } from "./state.js";

/** @typedef {import("./screens.js").View} View */

const COUNT_FROM = 400; // a counter is a burden until the end is near

/** @param {View} view @returns {HTMLElement} */
export function second(view) {
  const { visit, words, finish, skip } = view;
  const overall = Number(visit.overall);
  return el("section", { class: "second" },
    el("div", { class: "second-reasons" },
      el("p", { class: `your-answer answer-${overall}` },
        icon(`face-${overall}`, "face-drawing"),
        el("span", {}, `${words.your_answer}: `, el("strong", {}, words[`answer_${overall}`]))),
      heading(overall >= 3 ? words.best : words.better),
      reasons(view),
      comment(view)),
    el("div", { class: "second-elements" }, ...elements(view)),
    actions(
      el("div", { class: "ways" }, quiet(words.skip, "skip", skip), more(view)),
      dots(filled(words.step, { step: 2 }), 2, 2),
      el("button", { class: "button primary", type: "button", "data-action": "send", onClick: finish }, words.send)));
}

/** @param {View} view */
function reasons({ visit, config, words, send }) {
  const { praise, concerns } = config.reasons[visit.language];
  const good = Number(visit.overall) >= 3;
  return el("div", { class: "chips", role: "group", "aria-label": good ? words.best : words.better },
    ...(good ? praise : concerns).map(({ code, label }) =>
      el("button", {
        class: "chip", type: "button", "data-reason": code,
        "aria-pressed": String(visit.reasons.includes(code)),
        onClick: () => send({ type: "reason", code }),
      }, label)));
}

/** @param {View} view @returns {HTMLElement[]} */
function elements({ visit, config, send }) {
  const asked = config.elements[visit.language].filter(({ code }) => visit.asked.includes(code));
  return asked.map((one) =>
    asking(one, "element", visit.elements[one.code], (answer) => send({ type: "element", code: one.code, answer })));
}

/** @param {View} view */
function more({ visit, config, words, send }) {
  const count = countOf(config, visit.language);
  const text = count === 9 ? words.form_nine : filled(words.form_all, { count });
  return quiet(text, "form", () => send({ type: "form_opened" }));
}

/** @param {View} view */
function comment({ visit, words, send }) {
  const left = el("span", { class: "comment-left", "aria-live": "polite" });
  const count = () => {
    const rest = { count: COMMENT_LIMIT - field.value.length };
    left.textContent = field.value.length >= COUNT_FROM ? filled(words.comment_left, rest) : "";
  };
  const field = /** @type {HTMLTextAreaElement} */ (el("textarea", {
    id: "comment", maxlength: COMMENT_LIMIT, rows: 2, autocomplete: "off",
    onInput: () => {
      send({ type: "comment", text: field.value });
      count();
    },
  }));
  field.value = visit.comment;
  count();
  return el("div", { class: "comment" }, el("label", { for: "comment" }, words.comment), field, left);
}
