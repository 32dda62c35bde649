// @ts-check
// One element as a question with its four answers, wherever it is asked.
import { el } from "./dom.js";

/**
 * @param {import("./types.js").ElementQuestion} asked @param {"element" | "extra"} kind
 * @param {number | undefined} chosen @param {(answer: number) => void} answer
 */
export function asking({ code, question, answers }, kind, chosen, answer) {
  return el("div", { class: "element", role: "group", "aria-labelledby": `${kind}-${code}` },
    el("h2", { id: `${kind}-${code}` }, question),
    el("div", { class: "element-answers" },
      // From good to bad, like the faces.
      ...[4, 3, 2, 1].map((value) =>
        el("button", {
          class: "chip", type: "button", [`data-${kind}`]: code, "data-answer": value,
          "aria-pressed": String(chosen === value),
          onClick: () => answer(value),
        }, answers[value - 1]))));
}

/**
 * Show what is chosen without building the screen anew: focus and the keyboard stay where they are.
 * @param {HTMLElement} main @param {import("./state.js").Visit} visit
 */
export function showChosen(main, visit) {
  const mark = (/** @type {string} */ kind, /** @type {(code: string, chip: Element) => boolean} */ isChosen) =>
    main.querySelectorAll(`[data-${kind}]`).forEach((chip) => {
      const code = String(chip.getAttribute(`data-${kind}`));
      chip.setAttribute("aria-pressed", String(isChosen(code, chip)));
    });
  const answer = (/** @type {Element} */ chip) => Number(chip.getAttribute("data-answer"));
  mark("reason", (code) => visit.reasons.includes(code));
  mark("element", (code, chip) => visit.elements[code] === answer(chip));
  mark("extra", (code, chip) => visit.extras[code] === answer(chip));
}
