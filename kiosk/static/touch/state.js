// @ts-check
// One person's visit to the screen as a pure state machine: what a touch means, given what was touched before.
// Nothing here touches the page, the clock or the network, so every path can be read and tested as a table.

/** @typedef {import("./types.js").Language} Language */
/** @typedef {import("./types.js").Ending} Ending */
/** @typedef {"attract" | "grid" | "question" | "phone" | "second" | "form" | "thanks" | "unsaved"} Screen */

/** @typedef {{
 *   screen: Screen, language: Language, contrast: boolean, officer: string | null, picked: boolean,
 *   link: import("./types.js").Link | null, rating: string | null, overall: number | null, asked: string[],
 *   page: number, reasons: string[], elements: Record<string, number>, extras: Record<string, number>,
 *   comment: string, ended: Ending | null
 * }} Visit `rating` is the id of the rating given in this visit; `ended` is set once, when the visit is over. */

/** @typedef {
 *   | {type: "touched", officer: string | null}
 *   | {type: "not_this_officer"}
 *   | {type: "officer_chosen", officer: string}
 *   | {type: "back"}
 *   | {type: "phone_opened"}
 *   | {type: "link_came", link: import("./types.js").Link}
 *   | {type: "left"}
 *   | {type: "pressed", rating: string, overall: number, asked: string[]}
 *   | {type: "reason", code: string}
 *   | {type: "element", code: string, answer: number}
 *   | {type: "extra", code: string, answer: number}
 *   | {type: "form_opened"}
 *   | {type: "forward"}
 *   | {type: "comment", text: string}
 *   | {type: "finished", saved: boolean}
 *   | {type: "timed_out"}
 *   | {type: "returned"}
 *   | {type: "language", language: Language}
 *   | {type: "contrast"}
 * } Event */

export const COMMENT_LIMIT = 500;

/** @returns {Visit} Every visit begins in Indonesian and in the usual colours, whatever the person before chose. */
export function attract() {
  return {
    screen: "attract", language: "id", contrast: false, officer: null, picked: false, link: null, rating: null,
    overall: null, asked: [], page: 0, reasons: [], elements: {}, extras: {}, comment: "", ended: null,
  };
}

/** @type {Record<Screen, Record<string, (visit: Visit, event: any) => Visit>>} */
const MOVES = {
  attract: {
    touched: ({ language, contrast }, { officer }) => ({
      ...attract(), language, contrast, officer, screen: officer ? "question" : "grid",
    }),
    returned: () => attract(),
  },
  grid: {
    officer_chosen: (visit, { officer }) => ({ ...visit, screen: "question", officer, picked: true }),
    back: (visit) => (visit.officer ? { ...visit, screen: "question" } : over(visit, "skipped")),
    timed_out: (visit) => over(visit, "timed_out"),
  },
  question: {
    not_this_officer: (visit) => ({ ...visit, screen: "grid" }),
    phone_opened: (visit) => ({ ...visit, screen: "phone", link: null }),
    back: (visit) => over(visit, "skipped"),
    pressed: (visit, { rating, overall, asked }) => ({ ...visit, screen: "second", rating, overall, asked }),
    timed_out: (visit) => over(visit, "timed_out"),
  },
  phone: {
    link_came: (visit, { link }) => ({ ...visit, link }),
    back: (visit) => ({ ...visit, screen: "question", link: null }),
    left: (visit) => over(visit, "skipped"),
    timed_out: (visit) => over(visit, "skipped"), // whoever answers on a phone does not come back to the screen
  },
  second: {
    form_opened: (visit) => ({ ...visit, screen: "form", page: 0 }),
    reason: (visit, { code }) => ({ ...visit, reasons: toggled(visit.reasons, code) }),
    element: (visit, { code, answer }) => ({ ...visit, elements: answered(visit.elements, code, answer) }),
    comment: (visit, { text }) => ({ ...visit, comment: text.slice(0, COMMENT_LIMIT) }),
    finished: (visit, { saved }) => ({ ...visit, screen: saved ? "thanks" : "unsaved", ended: "rated" }),
    timed_out: (visit) => over(visit, "timed_out"),
  },
  form: {
    element: (visit, { code, answer }) => ({ ...visit, elements: answered(visit.elements, code, answer) }),
    extra: (visit, { code, answer }) => ({ ...visit, extras: answered(visit.extras, code, answer) }),
    forward: (visit) => ({ ...visit, page: visit.page + 1 }),
    back: (visit) => (visit.page ? { ...visit, page: visit.page - 1 } : { ...visit, screen: "second" }),
    finished: (visit, { saved }) => ({ ...visit, screen: saved ? "thanks" : "unsaved", ended: "rated" }),
    timed_out: (visit) => over(visit, "timed_out"),
  },
  thanks: { returned: () => attract() },
  unsaved: { returned: () => attract() },
};

/**
 * What the visit is after `event`. An event that means nothing on the present screen changes nothing: the
 * second tap of a nervous finger is not another answer.
 * @param {Visit} visit @param {Event} event @returns {Visit}
 */
export function next(visit, event) {
  if (event.type === "language") return { ...visit, language: event.language };
  if (event.type === "contrast") return { ...visit, contrast: !visit.contrast };
  const move = MOVES[visit.screen][event.type];
  return move ? move(visit, event) : visit;
}

/** @param {Visit} visit @param {Ending} ended @returns {Visit} */
function over(visit, ended) {
  return { ...attract(), ended };
}

/** @param {string[]} reasons @param {string} code @returns {string[]} */
function toggled(reasons, code) {
  return reasons.includes(code) ? reasons.filter((reason) => reason !== code) : reasons.concat(code);
}

/**
 * Touching a chosen answer again takes it back.
 * @param {Record<string, number>} elements @param {string} code @param {number} answer
 * @returns {Record<string, number>}
 */
function answered(elements, code, answer) {
  const { [code]: before, ...others } = elements;
  return before === answer ? others : { ...others, [code]: answer };
}
