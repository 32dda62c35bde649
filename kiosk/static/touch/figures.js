// @ts-check
// Numbers, sizes and times as the reader's language writes them.
import { filled } from "./dom.js";

/** @typedef {import("./types.js").Language} Language */
/** @typedef {import("./types.js").Words} Words */

const LOCALES = { id: "id-ID", en: "en-GB" };
const UNITS = ["B", "KB", "MB", "GB", "TB"];
const MOMENT = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" };
/** @type {[number, string][]} */
const SPANS = [[86400000, "days"], [3600000, "hours"], [60000, "minutes"], [1000, "seconds"]];

/** @param {number} value @param {Language} language @param {object} [style] @returns {string} */
export function number(value, language, style = {}) {
  return value.toLocaleString(LOCALES[language], style);
}

/** @param {number} share from 0 to 1 @param {Language} language @returns {string} */
export function portion(share, language) {
  return number(share, language, { style: "percent" });
}

/** @param {number} bytes @param {Language} language @returns {string} */
export function amount(bytes, language) {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(1024)));
  return `${number(bytes / 1024 ** step, language, { maximumFractionDigits: step > 1 ? 1 : 0 })} ${UNITS[step]}`;
}

/** @param {number} milliseconds @param {Words} words @param {Language} language @returns {string} in the largest unit that is there twice */
export function duration(milliseconds, words, language) {
  const [unit, name] = SPANS.find(([length]) => milliseconds >= 2 * length) || SPANS[SPANS.length - 1];
  const count = Math.max(0, Math.floor(milliseconds / unit));
  return filled(words[`tech_${name}`], { count: number(count, language) });
}

/**
 * A moment on the office's own clock.
 * @param {number} milliseconds @param {import("./types.js").Config | null} config @param {Language} language
 * @returns {string}
 */
export function moment(milliseconds, config, language) {
  const show = (/** @type {object} */ zone) => new Date(milliseconds).toLocaleString(LOCALES[language], { ...MOMENT, ...zone });
  if (!config) return show({});
  try {
    return `${show({ timeZone: config.office.timezone })} ${config.office.timezone_name}`;
  } catch (error) {
    return show({}); // a browser that does not know the zone, or a moment that is none
  }
}
