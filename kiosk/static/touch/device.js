// @ts-check
// The device before the server: its token, and one way to call the API.
import { altered } from "./storage.js";

const PATIENCE = 20000;
const GRACE = 30000; // after enrolment: the server's other processes may not have heard of this device yet

/** The server does not know this device, or no longer. */
class Unauthorised extends Error {}

/** The server answered, and not with what was asked for. */
export class Declined extends Error {
  /** @param {number} status @param {any} problem an RFC 9457 problem, or null @param {number} wait seconds, or 0 */
  constructor(status, problem, wait) {
    super(`The server answered ${status}`);
    this.status = status;
    this.problem = problem;
    this.wait = wait;
  }
}

export class Device {
  /** @param {import("./storage.js").Storage} storage @param {import("./clock.js").Clock} clock set by every answer */
  constructor(storage, clock) {
    this.storage = storage;
    this.clock = clock;
    /** @type {string | null} */
    this.token = null;
    this.revoked = false;
    this.online = true;
    this.enrolledAt = -GRACE;
    /** @type {() => void} */
    this.changed = () => {};
    /** Called the moment the device becomes another kiosk. @type {() => void} */
    this.renewed = () => {};
  }

  /** Remember what an earlier page knew. */
  async load() {
    const kept = (/** @type {string} */ key) => this.storage.kept(key).catch(() => undefined);
    this.token = (await kept("token")) || null;
    this.revoked = Boolean(await kept("revoked"));
  }

  /**
   * Trade the administrator's code for a place in the server's list of devices.
   *
   * The token is minted here, once, and kept until the server has taken it: when the answer is lost on the way
   * the same code and token succeed again.
   * @param {string} code @param {string} language
   */
  async enrol(code, language) {
    const token = await this.storage.alter("enrolling", (kept) => kept || minted()).catch(() => minted());
    const headers = { "Accept-Language": language };
    await this._fetch("/api/kiosk/enrol", { method: "POST", headers, body: JSON.stringify({ code, token }) });
    this.token = token;
    this.revoked = false;
    this.enrolledAt = performance.now();
    this.renewed();
    await this.storage
      .write(["device"], async (transaction) => {
        await altered(transaction, "token", () => token);
        await altered(transaction, "revoked", () => false);
        transaction.objectStore("device").delete("enrolling");
        // The old configuration may be another counter's; and what was refused there may be welcome here.
        ["config", "etag", "reconsidered"].forEach((key) => transaction.objectStore("device").delete(key));
      })
      .catch(() => {}); // without storage the device is enrolled until the page is closed
    this.changed();
  }

  /**
   * Call the API as this device.
   * @param {string} path @param {{method?: string, headers?: Record<string, string>, body?: string}} [options]
   * @returns {Promise<Response>} with status 2xx or 304
   */
  async call(path, options = {}) {
    if (!this.token) throw new Unauthorised("This device has no token");
    const token = this.token;
    const headers = { ...options.headers, Authorization: `Bearer ${token}` };
    try {
      const response = await this._fetch(path, { ...options, headers });
      if (token === this.token) this._known(true);
      return response;
    } catch (error) {
      const unknown = error instanceof Declined && error.status === 401;
      if (!unknown) throw error;
      if (token === this.token) this._known(false);
      throw new Unauthorised(error.message);
    }
  }

  /**
   * @param {string} path @param {{method?: string, headers?: Record<string, string>, body?: string}} options
   * @returns {Promise<Response>}
   */
  async _fetch(path, options) {
    const began = performance.now();
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    const headers = { ...options.headers, ...(options.body ? { "Content-Type": "application/json" } : {}) };
    try {
      const response = await fetch(path, {
        ...options, headers, signal: stop.signal, credentials: "omit", cache: "no-store", redirect: "error",
      });
      this._reached(true);
      this.clock.learn(response, began);
      if (response.ok || response.status === 304) return response;
      throw new Declined(response.status, await problem(response), waitOf(response));
    } catch (error) {
      if (!(error instanceof Declined)) this._reached(false);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param {boolean} online */
  _reached(online) {
    if (this.online === online) return;
    this.online = online;
    this.changed();
  }

  /** @param {boolean} known */
  _known(known) {
    if (this.revoked === !known) return;
    if (!known && performance.now() - this.enrolledAt < GRACE) return;
    this.revoked = !known;
    this.storage.keep("revoked", !known).catch(() => {});
    this.changed();
  }
}

/** @returns {string} 32 random bytes in base64url: 43 characters */
function minted() {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...Array.from(bytes)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=/g, "");
}

/** @param {Response} response @returns {Promise<any>} */
async function problem(response) {
  if (!(response.headers.get("Content-Type") || "").includes("json")) return null;
  return response.json().catch(() => null);
}

/** @param {Response} response @returns {number} the seconds the server asks to wait; 0 when it does not */
function waitOf(response) {
  const header = response.headers.get("Retry-After") || "";
  if (/^\d+$/.test(header)) return Number(header);
  return Math.max(0, (Date.parse(header) - Date.now()) / 1000) || 0;
}
