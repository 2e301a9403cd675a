/** The one of `known` that was most likely meant, or undefined where none is near. */
export function suggest(given: string, known: readonly string[]): string | undefined {
  const wanted = given.toLowerCase().slice(0, MAX_LENGTH);
  let nearest: string | undefined;
  // Up to two slips of the finger, fewer in short words.
  let best = Math.min(2, Math.floor(given.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance < best) [nearest, best] = [candidate, distance];
  }
  return nearest;
}

/** Names are short; a long one is none of ours, and its distance need not be exact. */
const MAX_LENGTH = 64;

/** Insertions, deletions, replacements and swaps of neighbours from one word to the other, row by row. */
function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      const isSwap = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swapped = i > 1 && j > 1 && isSwap ? before[j - 2]! + 1 : Infinity;
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1, swapped));
    }
    [before, row] = [row, next];
  }
  return row[to.length]!;
}
