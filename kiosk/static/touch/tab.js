// @ts-check
// One page of perhaps several on this device. Each holds a lock for as long as it lives, so that the others can
// tell a page in the middle of a visit from one that died there.
import { uuid7 } from "./uuid7.js";

const PREFIX = "suara-loket-page-";

export class Tab {
  constructor() {
    this.id = uuid7(Date.now());
    /** Whether pages can be told apart; not without a secure context. */
    this.locks = Boolean(navigator.locks);
  }

  /** Hold this page's lock from now on. @returns {Promise<void>} */
  async open() {
    if (!this.locks) return;
    await new Promise((resolve) => {
      const held = () => {
        resolve(undefined);
        return new Promise(() => {});
      };
      navigator.locks.request(PREFIX + this.id, held).catch(() => {
        this.locks = false;
        resolve(undefined);
      });
    });
  }

  /** @returns {Promise<Set<string>>} the ids of the pages that live, as far as they can be told apart */
  async living() {
    const { held = [] } = this.locks ? await navigator.locks.query() : {};
    return new Set(held.map(({ name = "" }) => name.slice(PREFIX.length)).concat(this.id));
  }
}
