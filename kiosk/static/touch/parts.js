// @ts-check
// Pieces that more than one screen is made of.
import { el, filled, icon } from "./dom.js";

/** @typedef {import("./types.js").Officer} Officer */

/**
 * The row below a screen: back on the left, the way on at the right, the two dots between.
 * @param {import("./types.js").Words} words @param {1 | 2} step @param {Node} left @param {Node} right
 */
export function actions(words, step, left, right) {
  const steps = el("span", { class: "steps", role: "img", "aria-label": filled(words.step, { step }) },
    el("span", { class: step === 1 ? "step now" : "step" }),
    el("span", { class: step === 2 ? "step now" : "step" }));
  return el("div", { class: "actions" }, left, steps, right);
}

/** @param {string} text @param {string} action @param {() => void} onClick @param {string} [drawing] */
export function quiet(text, action, onClick, drawing) {
  return el("button", { class: "button quiet", type: "button", "data-action": action, onClick },
    drawing ? icon(drawing, "button-icon") : null, el("span", {}, text));
}

/** The officer's photo, or initials where there is none or it does not load. @param {Officer} officer */
export function disc(officer) {
  const circle = el("span", { class: "disc", "aria-hidden": "true" }, officer.initials);
  if (officer.photo) {
    const photo = el("img", { class: "photo", src: officer.photo, alt: "" });
    photo.addEventListener("error", () => photo.remove());
    circle.appendChild(photo);
  }
  return circle;
}
