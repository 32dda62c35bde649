// @ts-check
// A rating as the device keeps it, and as it is sent. What only the device needs to know is under `local`.

/** @typedef {import("./types.js").Rating} Rating */
/** @typedef {import("./types.js").Kept} Kept */
/** @typedef {import("./types.js").Chosen} Chosen */

const TIMES = ["given_in_future", "given_too_long_ago"];

/** @param {Kept} kept @param {Chosen} chosen @returns {Kept} only what was answered, nothing empty */
export function completed(kept, chosen) {
  const comment = whole(chosen.comment).trim();
  return {
    ...kept,
    ...(Object.keys(chosen.elements).length ? { elements: chosen.elements } : {}),
    ...(Object.keys(chosen.extras).length ? { extras: chosen.extras } : {}),
    ...(chosen.reasons.length ? { reasons: chosen.reasons } : {}),
    ...(comment ? { comment } : {}),
  };
}

/**
 * The rating as it is sent. Where no counter was shown it says so, or the server would take the one the kiosk has
 * been given since.
 * @param {Kept} kept @returns {Rating}
 */
export function sent({ local, ...rating }) {
  return { counter: null, ...rating, ...(local && local.clock_lost ? { clock_lost: true } : {}) };
}

/** @param {Kept} kept @returns {boolean} whether its moment is the server's time and needs no correction */
export function isMeasured({ local }) {
  return Boolean(local) && typeof (/** @type {any} */ (local).offset) === "number";
}

/** @param {Kept} kept @param {string | null} office @returns {boolean} whether it was given there, or nobody knows where */
export function isOf({ local }, office) {
  return !local || !local.office || local.office === office;
}

/**
 * What to send instead of a rating that was refused for its time: the same, saying that the clock was lost. The
 * server then takes it as given when it arrives, and never refuses it for its time again.
 * @param {Kept} kept @param {string} code of the refusal @returns {Kept | null} null for any other refusal
 */
export function withoutClock(kept, code) {
  if (!TIMES.includes(code) || (kept.local && kept.local.clock_lost)) return null;
  return { ...kept, local: { ...kept.local, clock_lost: true } };
}

/** @param {string} text @returns {string} without a half character, which a limit may have left at the end */
function whole(text) {
  return Array.from(text).filter((letter) => !/^[\ud800-\udfff]$/.test(letter)).join("");
}
