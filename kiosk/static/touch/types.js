// @ts-check
// The shapes that travel: from the server's configuration to the screen, and from the screen to the server.
// Nothing here runs; the other modules import these types by name.

/** @typedef {"id" | "en"} Language */
/** @typedef {{code: string, name: string}} Named */
/** @typedef {{code: string, name: string, initials: string, photo: string | null}} Officer */
/** @typedef {{officer: string, counter: string, from: string, until: string}} Posting */
/** @typedef {{code: string, question: string, answers: string[]}} ElementQuestion */
/** @typedef {{code: string, label: string}} Reason */
/** @typedef {{praise: Reason[], concerns: Reason[]}} Reasons */
/** @typedef {Record<string, string>} Words */
/** @typedef {{idle_seconds: number, countdown_seconds: number, thanks_seconds: number,
 *   heartbeat_seconds: number, config_seconds: number, send_seconds: number, slide_seconds: number}} Timers */
/** Seven days, Monday first, each of [from, until] as "08:00"; null when the office is always open.
 * @typedef {string[][][] | null} Hours */
/** @typedef {Record<Language, string>} InBoth */
/** @typedef {{title: InBoth | null, text: InBoth | null, picture: string | null}} Slide */
/** What the office itself says. @typedef {{sentence: InBoth | null, changed: InBoth | null, slides: Slide[]}} OwnWords */
/** @typedef {{address: string, picture: {size: number, path: string}}} Link */

/** @typedef {{
 *   kiosk: {name: string}, office: Named & {kind: string, timezone: string, timezone_name: string},
 *   counter: Named | null, counters: Named[], officers: Officer[], postings: Posting[],
 *   elements: Record<Language, ElementQuestion[]>, reasons: Record<Language, Reasons>,
 *   wording: Record<Language, Words>, timers: Timers, demo: boolean, version: string,
 *   hours?: Hours, screen?: OwnWords | null, link?: Link | null, press_interval?: number,
 *   extra_elements?: Record<Language, ElementQuestion[]> | null
 * }} Config */

/** @typedef {{
 *   id: string, officer: string, overall: number, given_at: string, language: Language,
 *   picked?: boolean, counter?: string | null, sequence?: number, clock_lost?: boolean,
 *   elements?: Record<string, number>, extras?: Record<string, number>, reasons?: string[], comment?: string
 * }} Rating */

/** What only the device needs to know of a rating: the office it was given in, what the server's clock showed more
 * than the device's then, the page it was given on, and whether it was refused for its time.
 * @typedef {{office?: string, offset?: number | null, page?: string, clock_lost?: true}} Local */
/** @typedef {Rating & {local?: Local}} Kept */

/** What the screens after the answer add to a rating.
 * @typedef {{elements: Record<string, number>, extras: Record<string, number>, reasons: string[], comment: string}} Chosen */
/** @typedef {{id: string, status: string, code?: string, detail?: string}} Result */
/** @typedef {"rated" | "skipped" | "timed_out"} Ending */

export {};
