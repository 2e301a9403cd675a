/** A small mixing function (the finaliser of MurmurHash3): two numbers in, 32 even bits out. */
export function mix(seed: number, round: number): number {
  let h = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(round + 1, 0x85ebca6b)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const digits = (value: number, count: number): string => String(value % 10 ** count).padStart(count, '0');

/**
 * The extended product id that a host answers with: 48 characters in the shape of the recorded ones. The first two groups are
 * those of no product, and the rest follows from the seed and the number of restarts so far.
 */
export function makeEPid(seed: number, restarts: number): string {
  const group = digits(mix(seed, 2 * restarts), 3);
  const key = digits(mix(seed, 2 * restarts + 1), 6);
  const day = digits(1 + (mix(seed, restarts) % 365), 3);
  return `99999-99999-${group}-${key}-03-1033-7600.0000-${day}2009`;
}
