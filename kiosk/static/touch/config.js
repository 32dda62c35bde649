// @ts-check
// The configuration the screen works by, kept on the device so that it starts and works without network.
/** @typedef {import("./types.js").Config} Config */
/** @typedef {import("./types.js").Language} Language */
/** @typedef {import("./types.js").Words} Words */

const PHOTOS = "suara-loket-photos"; // sw.js serves from it

/** What the screen goes by until the server has said otherwise. @type {import("./types.js").Timers} */
const TIMERS = {
  idle_seconds: 15, countdown_seconds: 5, thanks_seconds: 4, slide_seconds: 10,
  heartbeat_seconds: 60, config_seconds: 300, send_seconds: 2,
};

export class Configuration {
  /**
   * @param {import("./storage.js").Storage} storage @param {import("./device.js").Device} device
   * @param {Record<Language, Words>} wording the words the page itself brought along
   */
  constructor(storage, device, wording) {
    this.storage = storage;
    this.device = device;
    this.wording = wording;
    /** @type {Config | null} */
    this.config = null;
    /** @type {string | null} */
    this.etag = null;
  }

  async load() {
    this.config = (await this.storage.kept("config").catch(() => null)) || null;
    this.etag = (await this.storage.kept("etag").catch(() => null)) || null;
  }

  /** The office ratings are given in now; null while nobody knows. @returns {string | null} */
  get office() {
    return this.config ? this.config.office.code : null;
  }

  /** Know nothing: the device has become another kiosk. */
  forget() {
    this.config = null;
    this.etag = null;
  }

  /** Fetch what has changed; return whether anything has. @returns {Promise<boolean>} */
  async refresh() {
    const { token } = this.device;
    const known = this.config && this.etag ? { "If-None-Match": this.etag } : {};
    const response = await this.device.call("/api/kiosk/config", { headers: /** @type {any} */ (known) });
    if (response.status === 304) return false;
    const config = await response.json();
    if (!complete(config)) throw new Error("The configuration is not one");
    if (token !== this.device.token) return false; // it is for the kiosk this device was before
    this.config = config;
    this.etag = response.headers.get("ETag");
    await this._keep();
    return true;
  }

  /** @returns {import("./types.js").Timers} */
  get timers() {
    return { ...TIMERS, ...(this.config ? this.config.timers : {}) };
  }

  /** @param {Language} language @returns {Words} */
  words(language) {
    return { ...this.wording[language], ...(this.config ? this.config.wording[language] : {}) };
  }

  async _keep() {
    const { config, etag } = this;
    await this.storage
      .write(["device"], (transaction) => {
        transaction.objectStore("device").put(config, "config");
        transaction.objectStore("device").put(etag, "etag");
      })
      .catch(() => {});
    if (config) keepPhotos(picturesOf(config)).catch(() => {});
  }
}

/** @param {Config} config @returns {string[]} the addresses of all it shows */
function picturesOf({ officers, screen }) {
  const slides = (screen ? screen.slides : []).map(({ picture }) => picture);
  const found = officers.map(({ photo }) => photo).concat(slides).filter(Boolean);
  return /** @type {string[]} */ (found);
}

/** @param {any} config @returns {boolean} whether it has all that the screens read */
function complete(config) {
  return Boolean(
    config && Array.isArray(config.officers) && Array.isArray(config.postings) && config.office &&
      ["elements", "reasons", "wording"].every((part) => config[part] && config[part].id && config[part].en),
  );
}

/** Keep exactly these photos on the device. @param {string[]} photos @returns {Promise<void>} */
async function keepPhotos(photos) {
  if (!("caches" in window)) return; // no secure context: photos come from the network, or initials stand in
  const cache = await caches.open(PHOTOS);
  const wanted = new Set(photos.map((photo) => new URL(photo, location.href).href));
  const had = new Set();
  for (const request of await cache.keys()) {
    if (wanted.has(request.url)) had.add(request.url);
    else await cache.delete(request);
  }
  for (const photo of wanted) {
    if (!had.has(photo)) await cache.add(photo).catch(() => {}); // one missing photo never costs the others
  }
}
