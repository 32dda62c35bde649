// @ts-check
// The service worker: keeps one whole version of the page on the device. The server puts a line before this
// file, `self.SHELL = {version, page, assets: {address: integrity}}`; a changed asset changes that line, and
// so brings a new worker with a new cache.
/** @typedef {{version: string, page: string, assets: Record<string, string>}} Shell */

const worker = /** @type {any} */ (self);
const shell = /** @type {Shell} */ (/** @type {any} */ (self).SHELL);
const CACHE = `suara-loket-touch-${shell.version}`;
const PHOTOS = "suara-loket-photos"; // filled by config.js

worker.addEventListener("install", (/** @type {any} */ event) => {
  event.waitUntil(install().then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil(forgetOlder().then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin || address.pathname.startsWith("/api/")) return;
  if (request.mode === "navigate") {
    if (address.pathname === shell.page) event.respondWith(kept(shell.page, request));
  } else if (address.pathname in shell.assets) {
    event.respondWith(kept(address.pathname, request));
  } else if (request.destination === "image") {
    event.respondWith(caches.open(PHOTOS).then((cache) => cache.match(request)).then((hit) => hit || fetch(request)));
  }
});

/** All of the version or nothing: integrity refuses files of two versions met in the middle of a deployment. */
async function install() {
  const cache = await caches.open(CACHE);
  const page = cache.add(new Request(shell.page, { cache: "reload", credentials: "omit" }));
  await Promise.all(Object.keys(shell.assets).map((address) => keep(cache, address)).concat(page));
}

/**
 * Keep a file: the one the page has just loaded, which costs a thin line nothing, or else what the server has now.
 * @param {Cache} cache @param {string} address @returns {Promise<void>}
 */
function keep(cache, address) {
  const request = (/** @type {RequestCache} */ from) =>
    new Request(address, { cache: from, integrity: shell.assets[address] });
  return cache.add(request("force-cache")).catch(() => cache.add(request("reload")));
}

/** @param {string} address @param {Request} request @returns {Promise<Response>} */
async function kept(address, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(address)) || fetch(request);
}

async function forgetOlder() {
  const names = await caches.keys();
  const older = names.filter((name) => name.startsWith("suara-loket-touch-") && name !== CACHE);
  await Promise.all(older.map((name) => caches.delete(name)));
}
