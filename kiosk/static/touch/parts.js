// @ts-check
// Pieces that more than one screen is made of.
import { el, icon } from "./dom.js";

/** @typedef {import("./types.js").Officer} Officer */

/**
 * The row below a screen: back on the left, the way on at the right, the dots between.
 * @param {Node} left @param {Node} steps @param {Node} right
 */
export function actions(left, steps, right) {
  return el("div", { class: "actions" }, left, steps, right);
}

/** How far the person has come. @param {string} label @param {number} now from 1 @param {number} of */
export function dots(label, now, of) {
  const all = Array.from({ length: of }, (_, number) => el("span", { class: number + 1 === now ? "step now" : "step" }));
  return el("span", { class: "steps", role: "img", "aria-label": label }, ...all);
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
