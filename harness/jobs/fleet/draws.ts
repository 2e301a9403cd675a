/** What a draw is for: each purpose of each machine has a sequence of its own. */
export const DRAW = {
  arrival: 1,
  away: 2,
  present: 3,
  incident: 4,
  discovery: 5,
  laptop: 6,
  clone: 7,
} as const;
export type Draw = (typeof DRAW)[keyof typeof DRAW];

/**
 * Random numbers by what they are for, not by when they are drawn: the n-th absence of machine 17 is the same in every run of a
 * seed, whatever the hosts answered before. Nothing is remembered.
 */
export class Draws {
  constructor(private readonly seed: number) {}

  /** From 0 to 1, 1 excluded. */
  fraction(machine: number, purpose: Draw, n: number): number {
    let mixed = scramble(this.seed ^ Math.imul(machine + 1, 0x9e3779b1));
    mixed = scramble(mixed ^ Math.imul(purpose, 0x85ebca77));
    mixed = scramble(mixed ^ Math.imul(n + 1, 0xc2b2ae3d));
    return (mixed >>> 0) / 0x100000000;
  }

  /** Time to the next event of a kind that comes at random, `mean` apart on average. */
  exponential(machine: number, purpose: Draw, n: number, mean: number): number {
    return -mean * Math.log(1 - this.fraction(machine, purpose, n));
  }
}

/** The finaliser of MurmurHash3. */
function scramble(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
