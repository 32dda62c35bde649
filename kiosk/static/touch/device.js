// @ts-check
// The device before the server: its token, and one way to call the API.
import { Contact } from "./contact.js";
import { asked } from "./storage.js";
import { Tokens, minted } from "./tokens.js";

const PATIENCE = 20000;
const RENEWED_EVERY = 3600000; // an attempt that failed is not repeated with every heartbeat
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
    this.contact = new Contact(storage, clock);
    this.tokens = new Tokens(storage);
    /** @type {string | null} */
    this.token = null;
    /** Tells one enrolment of this device from the next, also to its other pages. @type {number | undefined} */
    this.enrolment = undefined;
    this.revoked = false;
    this.online = true;
    this.enrolledAt = -GRACE;
    this.renewedAt = -RENEWED_EVERY;
    /** @type {() => void} */
    this.changed = () => {};
    /** Called the moment the device becomes another kiosk. @type {() => void} */
    this.renewed = () => {};
  }

  /** Remember what an earlier page knew. */
  async load() {
    const kept = (/** @type {string} */ key) => this.storage.kept(key).catch(() => undefined);
    this.token = (await kept("token")) || null;
    this.enrolment = await kept("enrolment");
    this.revoked = Boolean(await kept("revoked"));
    await this.contact.load();
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
    this.enrolment = Date.now();
    this.revoked = false;
    this.enrolledAt = performance.now();
    this.renewed();
    await this.storage
      .write(["device"], async (transaction) => {
        const device = transaction.objectStore("device");
        const known = { token, token_since: this.clock.now(), enrolment: this.enrolment, revoked: false };
        Object.entries(known).forEach(([key, value]) => device.put(value, key));
        // The old configuration may be another counter's; what was refused there may be welcome here; and what is
        // counted and wished of a kiosk is counted and wished of that one.
        const former = ["enrolling", "next", "config", "etag", "reconsidered", "visits", "done"];
        former.forEach((key) => device.delete(key));
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
    const { enrolment } = this;
    /** @type {string[]} */
    const tried = [];
    for (let token = this.token; token; token = await this._another(tried, enrolment)) {
      tried.push(token);
      const response = await this._callAs(token, path, options);
      if (response) {
        if (tried.length > 1) await this._adopt(token, enrolment);
        if (token === this.token) this._known(true);
        return response;
      }
    }
    if (tried.includes(String(this.token))) this._known(false);
    throw new Unauthorised("The server does not know this device");
  }

  /**
   * Exchange a token that has become old. Until the server has seen the new one used, it takes both.
   * @returns {Promise<void>}
   */
  async renew() {
    const { token } = this;
    if (!token || this.revoked || performance.now() - this.renewedAt < RENEWED_EVERY) return;
    const next = await this.tokens.successor(token, this.clock.now());
    if (!next) return;
    this.renewedAt = performance.now();
    const headers = { Authorization: `Bearer ${token}` };
    const body = JSON.stringify({ token: next });
    const response = await this._fetch("/api/kiosk/token", { method: "POST", headers, body });
    if (response.status !== 204) return; // nobody but our server may take the old token away
    // Used only once it is on the disk: a new token that dies with the page would shut the device out.
    if ((await this.tokens.follow(next, this.clock.now())) && this.token === token) this.token = next;
  }

  /**
   * @param {string} token @param {string} path
   * @param {{method?: string, headers?: Record<string, string>, body?: string}} options
   * @returns {Promise<Response | null>} null when the server does not know the token
   */
  async _callAs(token, path, options) {
    const headers = { ...options.headers, Authorization: `Bearer ${token}` };
    try {
      return await this._fetch(path, { ...options, headers });
    } catch (error) {
      // Only the server's own word counts for this: the sign-in page of a network also answers 401.
      if (error instanceof Declined && error.status === 401 && error.problem) return null;
      throw error;
    }
  }

  /**
   * A token of the same enrolment that has not been tried: another page may have renewed it, or a disk that lost its
   * last write may know the new one only as the one that is to follow.
   * @param {string[]} tried @param {number | undefined} enrolment @returns {Promise<string | null>}
   */
  async _another(tried, enrolment) {
    const kept = await this.tokens.kept();
    if (!kept || kept.enrolment !== enrolment || this.enrolment !== enrolment) return null;
    return [this.token, kept.token, kept.next].find((token) => token && !tried.includes(token)) || null;
  }

  /** @param {string} token the server knows @param {number | undefined} enrolment it belongs to */
  async _adopt(token, enrolment) {
    if (this.enrolment !== enrolment) return;
    this.token = token;
    await this.tokens.follow(token, this.clock.now()).catch(() => {}); // where it was only the one to follow
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
      this.clock.learn(response, began);
      this.contact.answered(response);
      this._reached(true);
      if (response.ok || response.status === 304) return response;
      throw new Declined(response.status, await problem(response), waitOf(response));
    } catch (error) {
      if (!(error instanceof Declined)) {
        this.contact.silent();
        this._reached(false);
      }
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
    this._keepRevoked(!known).catch(() => {});
    this.changed();
  }

  /** What this page learnt says nothing of an enrolment that another page has made since. @param {boolean} revoked */
  _keepRevoked(revoked) {
    return this.storage.write(["device"], async (transaction) => {
      const device = transaction.objectStore("device");
      if ((await asked(device.get("enrolment"))) === this.enrolment) device.put(revoked, "revoked");
    });
  }
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
