// @ts-check
// The office's slides on the screen that waits for somebody: one after the other, slowly, until a hand stops them.
import { el, icon, replace } from "./dom.js";

/** @typedef {import("./types.js").Slide} Slide */

const WORDY = 110; // characters that fill a slide in the large type
const WORDY_TITLE = 40;

/** The slide to show next, so that a busy screen does not show its first one for ever. */
let next = 0;

/**
 * Where movement is not wanted, a slide changes only with the visits.
 * @param {Slide[]} slides at least one @param {import("./types.js").Language} language
 * @param {import("./types.js").Words} words @param {number} seconds each is shown @returns {HTMLElement}
 */
export function slideShow(slides, language, words, seconds) {
  const place = el("div", { class: "slide-place" });
  const show = () => {
    const number = next % slides.length;
    next = number + 1;
    replace(place, slide(slides[number], language));
  };
  show();
  const whole = el("div", { class: "slides" }, place);
  if (slides.length > 1) whole.appendChild(stopButton(words, () => whole.isConnected, seconds, show));
  return whole;
}

/** @param {Slide} slide @param {import("./types.js").Language} language */
function slide({ title, text, picture }, language) {
  const [heads, says] = [title, text].map((one) => (one ? one[language] : ""));
  const wordy = heads.length > WORDY_TITLE || heads.length + says.length > WORDY;
  const shown = el("div", { class: `slide${picture ? " pictured" : ""}${wordy ? " wordy" : ""}` });
  if (picture) {
    const image = el("img", { class: "slide-picture", src: picture, alt: "", draggable: "false" });
    image.addEventListener("error", () => {
      image.remove();
      shown.classList.remove("pictured");
    });
    shown.appendChild(image);
  }
  if (heads) shown.appendChild(el("p", { class: "slide-title" }, heads));
  if (says) shown.appendChild(el("p", { class: "slide-text" }, says));
  return shown;
}

/**
 * What moves by itself can be stopped by whoever is disturbed by it.
 * @param {import("./types.js").Words} words @param {() => boolean} shown @param {number} seconds @param {() => void} turn
 */
function stopButton(words, shown, seconds, turn) {
  let timer = 0;
  const moving = () => {
    timer = window.setTimeout(() => {
      if (!shown()) return;
      turn();
      moving();
    }, seconds * 1000);
  };
  const label = () => {
    button.setAttribute("aria-label", timer ? words.slides_stop : words.slides_go);
    replace(button, icon(timer ? "pause" : "play", "button-icon"));
  };
  const button = el("button", {
    class: "button quiet slides-stop", type: "button", "data-action": "stop-slides",
    onClick: (event) => {
      event.stopPropagation(); // everywhere else a touch begins a visit
      clearTimeout(timer);
      if (timer) timer = 0;
      else moving();
      label();
    },
  });
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) moving();
  label();
  return button;
}
