// @ts-check
// What the browser tells of the device it runs on. Nothing here fails: what a browser does not tell is null.

/** @typedef {{level: number, charging: boolean}} Battery */

/** Whether the page has what needs a secure context: a service worker, kept storage, locks. @returns {boolean} */
export function isSecure() {
  return window.isSecureContext === true;
}

/** @returns {Promise<boolean | null>} whether the browser promised not to clear the storage when the disk fills */
export async function isPersisted() {
  if (!navigator.storage || !navigator.storage.persisted) return null;
  return navigator.storage.persisted().catch(() => null);
}

/** Ask the browser not to clear the storage when the disk fills. @returns {Promise<boolean | null>} */
export async function persist() {
  if (!navigator.storage || !navigator.storage.persist) return null;
  return navigator.storage.persist().catch(() => null);
}

/** @returns {Promise<{used: number | null, quota: number | null}>} bytes */
export async function room() {
  const unknown = { used: null, quota: null };
  if (!navigator.storage || !navigator.storage.estimate) return unknown;
  return navigator.storage.estimate().then(({ usage = null, quota = null }) => ({ used: usage, quota }), () => unknown);
}

/** @returns {Promise<Battery | null>} `level` from 0 to 1 */
export async function battery() {
  const { getBattery } = /** @type {any} */ (navigator);
  if (!getBattery) return null;
  const told = (/** @type {Battery} */ { level, charging }) => ({ level, charging });
  return getBattery.call(navigator).then(told, () => null);
}

/** @param {import("./speech.js").Speech} speech @returns {("id" | "en")[]} the languages the device can read aloud */
export function voices(speech) {
  return /** @type {("id" | "en")[]} */ (["id", "en"]).filter((language) => speech.voice(language));
}
