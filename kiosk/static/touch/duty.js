// @ts-check
/** @typedef {import("./types.js").Config} Config */
/** @typedef {import("./types.js").Officer} Officer */

/**
 * Name the officers posted at the kiosk's counter at `now`, without saying any of them twice.
 *
 * Postings are half-open: at the minute one ends and the next begins, only the next officer is on duty.
 * @param {Config} config @param {number} now milliseconds, corrected by the server's clock
 * @returns {Officer[]}
 */
function onDuty(config, now) {
  const counter = config.counter;
  if (!counter) return [];
  const posted = new Set(
    config.postings
      .filter((posting) => posting.counter === counter.code)
      .filter((posting) => Date.parse(posting.from) <= now && now < Date.parse(posting.until))
      .map((posting) => posting.officer),
  );
  return config.officers.filter((officer) => posted.has(officer.code));
}

/**
 * The one officer to show without asking; null when the person has to choose.
 * @param {Config} config @param {number} now @returns {Officer | null}
 */
export function officerOnDuty(config, now) {
  const posted = onDuty(config, now);
  return posted.length === 1 ? posted[0] : null;
}

/**
 * The grid to choose from: those on duty first, then their colleagues in the office's own order.
 * @param {Config} config @param {number} now @returns {Officer[]}
 */
export function grid(config, now) {
  const posted = onDuty(config, now);
  return posted.concat(config.officers.filter((officer) => !posted.includes(officer)));
}
