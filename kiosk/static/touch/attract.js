// @ts-check
// The screen that waits for somebody: awake with the office's own words, asleep when the office is closed.
import { el, filled, heading, icon } from "./dom.js";
import { isOpen, nextOpening } from "./hours.js";
import { slideShow } from "./slides.js";
import { dateIn, dayIn, timeIn, wallTime } from "./walltime.js";

/** @typedef {import("./screens.js").View} View */
/** @typedef {import("./types.js").Config} Config */
/** @typedef {import("./types.js").Language} Language */

const WORDY = 150; // characters that leave the question no room in its largest type

/** @param {Config} config @param {number} now @returns {boolean} */
export function asleep(config, now) {
  return !isOpen(config.hours || null, wallTime(now, config.office.timezone).minute);
}

/** @param {View} view */
export function attract(view) {
  const { words, config, visit, now, touch } = view;
  if (asleep(config, now)) return night(view);
  const own = config.screen || { sentence: null, slides: [] };
  const { press_interval: seconds } = config;
  const said = place(config) + (own.sentence ? own.sentence[visit.language] : "");
  const look = `attract${own.slides.length ? " slided" : ""}${said.length > WORDY ? " wordy" : ""}`;
  // The whole screen answers a touch; the button is there for the keyboard and for whoever looks for one.
  return el("section", { class: look, onClick: touch },
    el("div", { class: "welcome" },
      el("div", { class: "here" }, el("p", { class: "place" }, place(config)), ...clock(view)),
      own.sentence && el("p", { class: "sentence" }, own.sentence[visit.language]),
      heading(words.attract_title),
      beginButton(words.attract_touch, "button primary large"),
      el("p", { class: "promise" }, words.promise)),
    own.slides.length
      ? slideShow(own.slides, visit.language, words, view.slideSeconds)
      : icon("scene", "scene"),
    seconds ? el("p", { class: "fair" }, filled(words.fair_interval, { seconds })) : null);
}

/** @param {View} view the office is closed: dark and quiet, and still there for whoever was served last */
function night(view) {
  const { words, config, touch } = view;
  return el("section", { class: "attract night", onClick: touch },
    el("div", { class: "welcome" },
      el("div", { class: "here" }, el("p", { class: "place" }, place(config)), ...clock(view)),
      heading(words.asleep_title),
      el("p", { class: "opens" }, opens(view)),
      beginButton(words.asleep_touch, "button quiet")));
}

/**
 * Show the time that it is by now.
 * @param {HTMLElement} main @param {Config} config @param {Language} language @param {number} now
 */
export function showTime(main, config, language, now) {
  const { time, date } = told(config, language, now);
  set(main, ".clock", time);
  set(main, ".date", date);
}

/** @param {View} view */
function clock({ config, visit, now }) {
  const { time, date } = told(config, visit.language, now);
  return [el("p", { class: "clock" }, time), el("p", { class: "date" }, date)];
}

/** @param {Config} config @param {Language} language @param {number} now */
function told({ office }, language, now) {
  const time = timeIn(language, wallTime(now, office.timezone).time);
  return { time: `${time} ${office.timezone_name}`, date: dateIn(language, now, office.timezone) };
}

/** @param {View} view @returns {string | null} */
function opens({ words, config, visit: { language }, now }) {
  const next = nextOpening(config.hours || null, wallTime(now, config.office.timezone).minute);
  if (!next) return null;
  const sentences = [words.asleep_today, words.asleep_tomorrow];
  return filled(sentences[next.days] || words.asleep_day, {
    day: dayIn(language, next.weekday), time: timeIn(language, next.time), zone: config.office.timezone_name,
  });
}

/** @param {Config} config */
function place({ office, counter }) {
  // No line ends between "Loket" and its number.
  return counter ? `${office.name}, ${counter.name.replace(/ (?=\d)/g, "\u00a0")}` : office.name;
}

/** @param {string} text @param {string} look */
function beginButton(text, look) {
  return el("button", { class: look, type: "button", "data-action": "begin" }, text);
}

/** @param {HTMLElement} main @param {string} selector @param {string} text */
function set(main, selector, text) {
  const element = main.querySelector(selector);
  if (element && element.textContent !== text) element.textContent = text;
}
