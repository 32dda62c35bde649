// @ts-check
// Whether the office is open, and when it opens again: pure, in minutes since Monday's midnight on its own wall.
/** @typedef {import("./types.js").Hours} Hours */
/** @typedef {{days: number, weekday: number, time: string}} Opening `days` from today: 0 is today */

const DAY = 24 * 60;
const WEEK = 7 * DAY;

/** @param {Hours} hours @param {number} minute @returns {boolean} also when nobody has said */
export function isOpen(hours, minute) {
  if (!hours) return true;
  return spans(hours).some(({ from, until }) =>
    (from <= minute && minute < until) || minute + WEEK < until); // Sunday's night lasts into Monday
}

/** @param {Hours} hours @param {number} minute when it is closed @returns {Opening | null} null when it never opens */
export function nextOpening(hours, minute) {
  const waits = spans(hours).map(({ from }) => (from - minute + WEEK) % WEEK || WEEK);
  if (!waits.length) return null;
  const from = minute + Math.min(...waits);
  const day = Math.floor(from / DAY);
  const time = [Math.floor((from % DAY) / 60), from % 60].map((part) => String(part).padStart(2, "0")).join(":");
  return { days: day - Math.floor(minute / DAY), weekday: day % 7, time };
}

/** @param {Hours} hours @returns {{from: number, until: number}[]} one that ends before it begins ends on the next day */
function spans(hours) {
  const week = (hours || []).map((day, number) => day.map((span) => {
    const [from, until] = span.map((time) => number * DAY + minutes(time));
    return { from, until: until > from ? until : until + DAY };
  }));
  return week.reduce((all, day) => all.concat(day), []);
}

/** @param {string} time @returns {number} */
function minutes(time) {
  const [hours, rest] = time.split(":").map(Number);
  return hours * 60 + rest;
}
