// @ts-check
// The device's token on the disk, and the one that is to follow it. The new token is on the disk before the server
// hears of it, and takes the old one's place only when the server has it: a device that dies between any two steps
// still holds a token the server knows.
import { asked } from "./storage.js";

const OLD = 30 * 24 * 3600 * 1000;

/** @typedef {{token: string | null, next: string | null, enrolment: number | undefined}} OnDisk */

export class Tokens {
  /** @param {import("./storage.js").Storage} storage */
  constructor(storage) {
    this.storage = storage;
  }

  /** @returns {Promise<OnDisk | null>} null when the disk cannot be read */
  kept() {
    const read = async (/** @type {IDBTransaction} */ transaction) => {
      const device = transaction.objectStore("device");
      const [token, next, enrolment] = await Promise.all(["token", "next", "enrolment"].map((key) => asked(device.get(key))));
      return { token: token || null, next: next || null, enrolment };
    };
    return this.storage.read(["device"], read).catch(() => null);
  }

  /**
   * The token to ask for in place of `token`; null while that one is young, or when another page has renewed it.
   * Asked again it is the same, so that nothing is lost with the server's answer.
   * @param {string} token @param {number} now @returns {Promise<string | null>}
   */
  successor(token, now) {
    return this.storage.write(["device"], async (transaction) => {
      const device = transaction.objectStore("device");
      const [kept, since, next] = await Promise.all(["token", "token_since", "next"].map((key) => asked(device.get(key))));
      if (!kept) device.put(token, "token"); // the storage was cleared under this page
      // One from far in the future was made by a wrong clock, and nobody knows how old it is.
      if (kept !== token || Math.abs(now - (since || 0)) < OLD) return null;
      const successor = next || minted();
      device.put(successor, "next");
      return successor;
    });
  }

  /** Let `next` be the token from now on. @param {string} next @param {number} now @returns {Promise<boolean>} */
  follow(next, now) {
    return this.storage.write(["device"], async (transaction) => {
      const device = transaction.objectStore("device");
      if ((await asked(device.get("next"))) !== next) return false; // enrolled anew meanwhile
      device.put(next, "token");
      device.put(now, "token_since");
      device.delete("next");
      return true;
    });
  }
}

/** @returns {string} 32 random bytes in base64url: 43 characters */
export function minted() {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...Array.from(bytes)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=/g, "");
}
