// @ts-check
// When our server was last heard, and what became of the last attempt to reach it.
import { isOurs } from "./clock.js";

const NOTED_EVERY = 60000;

/** @typedef {"fine" | "unknown" | "busy" | "failed" | "foreign" | "silent"} Said */

export class Contact {
  /** @param {import("./storage.js").Storage} storage @param {import("./clock.js").Clock} clock */
  constructor(storage, clock) {
    this.storage = storage;
    this.clock = clock;
    /** When our own server last answered, whatever it said. @type {number | null} */
    this.at = null;
    /** @type {Said | null} */
    this.said = null;
    this.status = 0;
    this.notedAt = 0;
  }

  async load() {
    this.at = (await this.storage.kept("contact").catch(() => null)) || null;
  }

  /** @param {Response} response */
  answered(response) {
    this.status = response.status;
    const ours = response.status === 204 || isOurs(response);
    this.said = ours ? meaning(response.status) : "foreign";
    if (!ours) return;
    this.at = this.clock.now();
    if (Math.abs(this.at - this.notedAt) < NOTED_EVERY) return;
    this.notedAt = this.at;
    this.storage.keep("contact", this.at).catch(() => {});
  }

  silent() {
    this.said = "silent";
  }
}

/** @param {number} status @returns {Said} */
function meaning(status) {
  if (status < 400) return "fine";
  if (status === 401) return "unknown";
  return status === 429 || status === 503 ? "busy" : "failed";
}
