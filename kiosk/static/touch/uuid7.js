// @ts-check

/**
 * Mint a UUID of version 7 for a rating born at `milliseconds`.
 *
 * The identity is born with the rating and never changes, so sending it twice counts it once. Version 7
 * begins with the time, which keeps the server's primary key in order and its inserts fast.
 * @param {number} milliseconds @param {(bytes: Uint8Array) => Uint8Array} [fill] @returns {string}
 */
export function uuid7(milliseconds, fill = (bytes) => crypto.getRandomValues(bytes)) {
  const bytes = fill(new Uint8Array(16));
  let left = milliseconds; // 48 bits: more than the bitwise operators of JavaScript can hold
  for (let position = 5; position >= 0; position -= 1) {
    bytes[position] = left % 256;
    left = Math.floor(left / 256);
  }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
