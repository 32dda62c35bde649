// @ts-check
// The time on the wall of the office, whatever zone the device believes it is in.
/** @typedef {import("./types.js").Language} Language */
/** @typedef {{weekday: number, time: string, minute: number}} WallTime Monday is 0; `minute` counts from its midnight */

const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const DAY = 24 * 60;
const A_MONDAY = Date.UTC(2024, 0, 1);
const LOCALES = { id: "id-ID", en: "en-GB" };

/** @param {number} now @param {string} zone such as "Asia/Jayapura" @returns {WallTime} */
export function wallTime(now, zone) {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, weekday: "short", hour: "2-digit", minute: "2-digit", hour12: false,
  });
  /** @type {Record<string, string>} */
  const parts = {};
  format.formatToParts(now).forEach(({ type, value }) => (parts[type] = value));
  const weekday = DAYS.indexOf(parts.weekday);
  const hour = Number(parts.hour) % 24; // midnight is 24 in some browsers
  const time = `${String(hour).padStart(2, "0")}:${parts.minute}`;
  return { weekday, time, minute: weekday * DAY + hour * 60 + Number(parts.minute) };
}

/** @param {string} time such as "08:00" @param {Language} language @returns {string} as it is written in that language */
export function timeIn(language, time) {
  return language === "id" ? time.replace(":", ".") : time;
}

/** @param {number} now @param {string} zone @param {Language} language @returns {string} Rabu, 18 November 2026 */
export function dateIn(language, now, zone) {
  const wanted = /** @type {const} */ ({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
  return new Intl.DateTimeFormat(LOCALES[language], { ...wanted, timeZone: zone }).format(now);
}

/** @param {number} weekday Monday is 0 @param {Language} language @returns {string} */
export function dayIn(language, weekday) {
  const format = new Intl.DateTimeFormat(LOCALES[language], { weekday: "long", timeZone: "UTC" });
  return format.format(A_MONDAY + weekday * DAY * 60000);
}
