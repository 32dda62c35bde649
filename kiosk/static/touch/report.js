// @ts-check
// How the device is, in words a technician reads standing: what needs a hand first, then everything there is to know.
import { filled } from "./dom.js";
import { amount, duration, moment, number, portion } from "./figures.js";

/** @typedef {import("./types.js").Words} Words */
/** @typedef {import("./types.js").Language} Language */
/** @typedef {{label: string, value: string, bad?: boolean}} Line */
/** @typedef {{title: string, lines: Line[]}} Group */
/** @typedef {{
 *   config: import("./types.js").Config | null, version: string, address: string, now: number,
 *   contact: {at: number | null, said: import("./contact.js").Said | null, status: number}, online: boolean,
 *   revoked: boolean, waiting: number, oldest: string | null, held: number, refused: {detail: string, count: number}[],
 *   drafts: number, memory: number, failing: boolean, broken: boolean, sequence: number,
 *   used: number | null, quota: number | null, persisted: boolean | null, secure: boolean,
 *   clock: {measured: boolean, offset: number}, battery: import("./condition.js").Battery | null, voices: Language[]
 * }} Facts */

const SKEW = 120000;
const FULL = 0.8;

/** @param {Facts} facts @param {Words} words @returns {string[]} what is wrong, and what to do about it; worst first */
export function warnings(facts, words) {
  const { memory, failing, broken, secure, revoked, clock, refused } = facts;
  return [
    (memory > 0 || failing || broken) && words.tech_warn_memory,
    revoked && words.tech_warn_revoked,
    !secure && words.tech_warn_insecure,
    isSkewed(clock) && words.tech_warn_clock,
    isFull(facts) && words.tech_warn_full,
    secure && facts.persisted === false && words.tech_warn_unprotected,
    refused.length > 0 && words.tech_warn_refused,
  ].filter((text) => typeof text === "string");
}

/** @param {Facts} facts @param {Words} words @param {Language} language @returns {Group[]} */
export function groups(facts, words, language) {
  return [
    { title: words.tech_ratings, lines: ratings(facts, words, language) },
    { title: words.tech_contact, lines: contact(facts, words, language) },
    { title: words.tech_storage, lines: storage(facts, words, language) },
    { title: words.tech_device, lines: device(facts, words, language) },
    { title: words.tech_place, lines: place(facts, words) },
  ];
}

/** @param {Facts} facts @param {Words} words @param {Language} language @returns {Line[]} */
function ratings({ config, waiting, oldest, held, refused, drafts, memory, sequence }, words, language) {
  const count = (/** @type {number} */ value) => number(value, language);
  return [
    { label: words.tech_waiting, value: count(waiting) },
    { label: words.tech_oldest, value: oldest ? moment(Date.parse(oldest), config, language) : "–" },
    { label: words.tech_held, value: count(held) },
    { label: words.tech_refused, value: count(refused.reduce((sum, one) => sum + one.count, 0)), bad: refused.length > 0 },
    ...refused.map((one) => ({ label: words.tech_reason, value: `${count(one.count)} × ${one.detail || words.tech_unknown}` })),
    { label: words.tech_drafts, value: count(drafts) },
    { label: words.tech_memory, value: count(memory), bad: memory > 0 },
    { label: words.tech_sequence, value: count(sequence) },
  ];
}

/** @param {Facts} facts @param {Words} words @param {Language} language @returns {Line[]} */
function contact({ config, contact: { at, said, status }, online, now }, words, language) {
  const ago = at === null ? "" : filled(words.tech_ago, { duration: duration(now - at, words, language) });
  return [
    { label: words.tech_network, value: online ? words.tech_connected : words.tech_not_connected, bad: !online },
    { label: words.tech_last, value: at === null ? words.tech_never : `${moment(at, config, language)} (${ago})` },
    {
      label: words.tech_said,
      value: said ? filled(words[`tech_said_${said}`], { status }) : words.tech_unknown,
      bad: said !== null && said !== "fine",
    },
  ];
}

/** @param {Facts} facts @param {Words} words @param {Language} language @returns {Line[]} */
function storage(facts, words, language) {
  const { used, quota, persisted, failing, broken } = facts;
  const protection = { true: words.tech_protected, false: words.tech_unprotected, null: words.tech_untold };
  return [
    { label: words.tech_works, value: failing || broken ? words.tech_no : words.tech_yes, bad: failing || broken },
    {
      label: words.tech_used,
      value: used === null || quota === null ? words.tech_untold
        : filled(words.tech_used_of, { used: amount(used, language), quota: amount(quota, language) }),
      bad: isFull(facts),
    },
    { label: words.tech_protection, value: protection[/** @type {"true"} */ (String(persisted))], bad: persisted === false },
  ];
}

/** @param {Facts} facts @param {Words} words @param {Language} language @returns {Line[]} */
function device({ secure, clock, battery, voices }, words, language) {
  const level = battery ? portion(battery.level, language) : "";
  return [
    { label: words.tech_secure, value: secure ? words.tech_yes : words.tech_no, bad: !secure },
    { label: words.tech_clock, value: skew(clock, words, language), bad: isSkewed(clock) },
    {
      label: words.tech_battery,
      value: battery ? filled(battery.charging ? words.tech_charging : "{level}", { level }) : words.tech_untold,
    },
    {
      label: words.tech_voices,
      value: voices.map((one) => words[`tech_voice_${one}`]).join(", ") || words.tech_no_voice,
    },
  ];
}

/** @param {Facts} facts @param {Words} words @returns {Line[]} */
function place({ config, version, address }, words) {
  const known = config || null;
  return [
    { label: words.tech_kiosk, value: known ? known.kiosk.name : "–" },
    { label: words.tech_office, value: known ? `${known.office.name} (${known.office.code})` : "–" },
    { label: words.tech_counter, value: known && known.counter ? `${known.counter.name} (${known.counter.code})` : "–" },
    { label: words.tech_address, value: address },
    { label: words.tech_version, value: version },
  ];
}

/** @param {Facts["clock"]} clock @param {Words} words @param {Language} language @returns {string} */
function skew({ measured, offset }, words, language) {
  if (!measured) return words.tech_clock_unknown;
  if (Math.abs(offset) < 5000) return words.tech_clock_right;
  const by = duration(Math.abs(offset), words, language);
  return filled(offset > 0 ? words.tech_clock_behind : words.tech_clock_ahead, { duration: by });
}

/** @param {Facts["clock"]} clock @returns {boolean} */
function isSkewed({ measured, offset }) {
  return measured && Math.abs(offset) > SKEW;
}

/** @param {Facts} facts @returns {boolean} */
function isFull({ used, quota }) {
  return used !== null && quota !== null && used > quota * FULL;
}
