// @ts-check
// IndexedDB with promises. Four stores: `drafts` (a rating whose visit is not over), `outbox` (ratings to
// send), `refused` (ratings the server will never take) and `device` (token, configuration, counters).

const NAME = "suara-loket-touch";
const VERSION = 2;
const PATIENCE = 4000; // a damaged profile can leave the opening without any answer

/** @typedef {"drafts" | "outbox" | "refused" | "device"} Store */

export class Storage {
  constructor() {
    /** @type {Promise<IDBDatabase> | null} */
    this.opening = null;
  }

  /**
   * Do `work` in one transaction and return its result once that is on the disk.
   * @template T
   * @param {Store[]} stores @param {(transaction: IDBTransaction) => Promise<T> | T} work @returns {Promise<T>}
   */
  async write(stores, work) {
    // "strict" waits for the disk and not only for the operating system: a tablet loses power without warning.
    return this._run(stores, "readwrite", work, { durability: "strict" });
  }

  /**
   * @template T
   * @param {Store[]} stores @param {(transaction: IDBTransaction) => Promise<T> | T} work @returns {Promise<T>}
   */
  async read(stores, work) {
    return this._run(stores, "readonly", work, {});
  }

  /** @param {string} key @returns {Promise<any>} */
  kept(key) {
    return this.read(["device"], (transaction) => asked(transaction.objectStore("device").get(key)));
  }

  /** @param {string} key @param {unknown} value @returns {Promise<void>} */
  keep(key, value) {
    return this.write(["device"], (transaction) => void transaction.objectStore("device").put(value, key));
  }

  /**
   * Change one kept value in one transaction, so that two tabs never work from the same old one.
   * @template T @param {string} key @param {(value: T | undefined) => T} change @returns {Promise<T>}
   */
  alter(key, change) {
    return this.write(["device"], (transaction) => altered(transaction, key, change));
  }

  /**
   * @template T
   * @param {Store[]} stores @param {IDBTransactionMode} mode
   * @param {(transaction: IDBTransaction) => Promise<T> | T} work @param {object} options @returns {Promise<T>}
   */
  async _run(stores, mode, work, options) {
    const database = await this._open();
    // Browsers older than the third argument ignore it.
    const transaction = /** @type {any} */ (database).transaction(stores, mode, options);
    const ended = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error || new Error("The transaction was aborted"));
    });
    ended.catch(() => {}); // reported below; without this a failing `work` leaves it unhandled
    try {
      const result = await work(transaction);
      await ended;
      return result;
    } catch (error) {
      abandon(transaction);
      throw error;
    }
  }

  /** @returns {Promise<IDBDatabase>} */
  _open() {
    if (!this.opening) {
      this.opening = opened(() => (this.opening = null));
      // The next call tries again: a full disk may have been emptied since.
      this.opening.catch(() => (this.opening = null));
    }
    return this.opening;
  }
}

/**
 * The result of one request inside a transaction.
 * @template T @param {IDBRequest<T>} request @returns {Promise<T>}
 */
export function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * @template T
 * @param {IDBTransaction} transaction @param {string} key @param {(value: T | undefined) => T} change
 * @returns {Promise<T>}
 */
export async function altered(transaction, key, change) {
  const device = transaction.objectStore("device");
  const value = change(await asked(device.get(key)));
  device.put(value, key);
  return value;
}

/** Leave nothing half done. @param {IDBTransaction} transaction */
function abandon(transaction) {
  try {
    transaction.abort();
  } catch (error) {
    // It had already ended; there is nothing left to undo.
  }
}

/**
 * @param {() => void} lost called when the browser closes the database
 * @param {number} [version] none: whichever is there
 * @returns {Promise<IDBDatabase>}
 */
function opened(lost, version = VERSION) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, version || undefined); // throws, and so rejects, where storage is forbidden
    request.onupgradeneeded = ({ oldVersion }) => {
      upgrade(/** @type {IDBTransaction} */ (request.transaction), oldVersion);
    };
    request.onsuccess = () => {
      const database = request.result;
      database.onclose = lost;
      database.onversionchange = () => {
        database.close();
        lost();
      };
      resolve(database);
    };
    request.onerror = () => {
      const { name } = /** @type {DOMException} */ (request.error);
      // A page of a later version was here (another tab, or a server set back): its stores are ours and more.
      if (name === "VersionError" && version) resolve(opened(lost, 0));
      else reject(request.error);
    };
    setTimeout(() => reject(new Error("The database did not open")), PATIENCE);
  });
}

/** @param {IDBTransaction} transaction @param {number} from the version that was on the device; 0 when none was */
function upgrade(transaction, from) {
  const { db } = transaction;
  if (from < 1) {
    db.createObjectStore("drafts", { keyPath: "id" });
    db.createObjectStore("outbox", { keyPath: "sequence" }); // its order is the order of the presses
    db.createObjectStore("refused", { keyPath: "rating.id" });
    db.createObjectStore("device");
  }
  // So that a full outbox is counted without reading it.
  if (from < 2) transaction.objectStore("outbox").createIndex("office", "local.office");
}
