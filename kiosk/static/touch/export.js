// @ts-check
// Everything a device holds of ratings, read without changing anything: for a file that the server can import when
// the device itself will never send again, and for the list that is printed.
import { completed, isOf, sent } from "./records.js";
import { asked } from "./storage.js";

/** @typedef {import("./types.js").Kept} Kept */
/** @typedef {"waiting" | "held" | "refused" | "unfinished"} State */
/** @typedef {{rating: Kept, state: State, detail: string}} Found */
/** @typedef {{found: Found[], unread: number, broken: boolean}} Holdings
 * `unread` ratings are there and cannot be read; where the disk cannot even be asked it is `broken`. */

/** @param {import("./outbox.js").Outbox} outbox @returns {number} how many ratings a reload would lose */
export function memoryOnly({ drafts, unkept, unkeptRefused }) {
  return drafts.size + unkept.size + unkeptRefused.size;
}

/**
 * All that waits, was refused or is not finished, each once, in the order it was given.
 * @param {import("./storage.js").Storage} storage @param {import("./outbox.js").Outbox} outbox @returns {Promise<Holdings>}
 */
export async function holdings(storage, outbox) {
  const [drafts, waiting, refused] = await Promise.all([all(storage, "drafts"), all(storage, "outbox"), all(storage, "refused")]);
  const office = outbox.office();
  const queued = (/** @type {Kept} */ rating) =>
    /** @type {Found} */ ({ rating, state: office === null || isOf(rating, office) ? "waiting" : "held", detail: "" });
  const finished = (/** @type {Kept} */ draft) => {
    const chosen = outbox.unreleased.get(draft.id);
    return /** @type {Found} */ ({ rating: chosen ? completed(draft, chosen) : draft, state: "unfinished", detail: "" });
  };
  const aside = (/** @type {any} */ { rating, detail }) => /** @type {Found} */ ({ rating, state: "refused", detail: detail || "" });
  const memory = Array.from(outbox.unkept.values(), queued)
    .concat(Array.from(outbox.drafts.values(), finished))
    .concat(Array.from(outbox.unkeptRefused.values(), (rating) => aside({ rating })));
  const found = memory.concat(waiting.read.map(queued), refused.read.map(aside), drafts.read.map(finished));
  const stores = [drafts, waiting, refused];
  return {
    found: inOrder(found.filter(({ rating }) => rating && rating.id)),
    unread: stores.reduce((sum, { unread }) => sum + unread, 0),
    broken: stores.some(({ broken }) => broken),
  };
}

/**
 * The file: each rating as it would be sent, with what only the device knows of it. By `device_time` the server knows
 * how wrong the clock is by which some of them were given.
 * @param {Found[]} found @param {import("./types.js").Config | null} config @param {import("./clock.js").Clock} clock
 * @returns {string}
 */
export function written(found, config, clock) {
  return JSON.stringify({
    suara_loket: "outbox",
    kiosk: config && config.kiosk.name,
    office: config && config.office.code,
    exported_at: new Date(clock.now()).toISOString(),
    device_time: new Date().toISOString(),
    ratings: found.map(({ rating }) => ({ ...sent(rating), local: rating.local || {} })),
  });
}

/** @param {import("./types.js").Config | null} config @param {number} now @returns {string} a name any disk takes */
export function fileName(config, now) {
  const place = config ? `${config.office.code}-${config.kiosk.name}` : location.hostname;
  const moment = new Date(now).toISOString().slice(0, 16).replace(/[-:]/g, "").replace("T", "-");
  return `suara-loket-${place.replace(/[^A-Za-z0-9]+/g, "-")}-${moment}.json`;
}

/** Hand a file to the browser. @param {string} name @param {string} content */
export function download(name, content) {
  const address = URL.createObjectURL(new Blob([content], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.hidden = true;
  document.body.appendChild(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60000); // a slow disk is still reading
}

/**
 * Everything in a store; where that fails, whatever can be read one by one.
 * @param {import("./storage.js").Storage} storage @param {import("./storage.js").Store} store
 * @returns {Promise<{read: any[], unread: number, broken: boolean}>}
 */
async function all(storage, store) {
  const whole = (/** @type {IDBTransaction} */ transaction) => asked(transaction.objectStore(store).getAll());
  try {
    return { read: await storage.read([store], whole), unread: 0, broken: false };
  } catch (error) {
    return onebyone(storage, store).catch(() => ({ read: [], unread: 0, broken: true }));
  }
}

/** @param {import("./storage.js").Storage} storage @param {import("./storage.js").Store} store */
async function onebyone(storage, store) {
  const keys = await storage.read([store], (transaction) => asked(transaction.objectStore(store).getAllKeys()));
  const read = [];
  for (const key of keys) {
    // Each in a transaction of its own: what cannot be read takes its transaction along.
    const one = await storage.read([store], (transaction) => asked(transaction.objectStore(store).get(key))).catch(() => null);
    if (one) read.push(one);
  }
  return { read, unread: keys.length - read.length, broken: false };
}

/** @param {Found[]} found @returns {Found[]} each rating once, what is most finished first met; oldest first */
function inOrder(found) {
  const each = new Map();
  found.forEach((one) => each.has(one.rating.id) || each.set(one.rating.id, one));
  const moment = (/** @type {Found} */ { rating }) => Date.parse(rating.given_at) || 0;
  return Array.from(each.values()).sort((one, other) => moment(one) - moment(other));
}
