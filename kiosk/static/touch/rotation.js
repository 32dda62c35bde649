// @ts-check

/**
 * Choose the two elements to ask at a turn: over any `count` turns each element is asked exactly twice.
 *
 * The second is half a round away from the first, so that neighbours in the list (competence and conduct)
 * are not always asked together.
 * @template T @param {T[]} elements @param {number} turn @returns {T[]}
 */
export function twoOf(elements, turn) {
  const count = elements.length;
  if (count < 2) return elements.slice();
  const first = turn % count;
  return [elements[first], elements[(first + Math.floor(count / 2)) % count]];
}
