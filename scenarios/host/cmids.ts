import type { Random } from '../../harness/support/random';

const BYTES = 16;
const BITS = 8;

/** A CMID with an octet of zeros early in it, where a host that takes CMIDs for text stops to read. */
export const cmidWithZero = (random: Random): string => {
  const cmid = random.guid();
  return `${cmid.slice(0, 2)}00${cmid.slice(4)}`;
};

/**
 * CMIDs that each differ from another in one bit: one for each byte of it, in the order in which they are written. Which bit of which byte, the
 * CMID itself decides: one that is drawn by the seed has all of them differ in the end.
 */
export function cmidsThatDifferInOneByte(from: string): string[] {
  const digits = from.replaceAll('-', '');
  const turn = Number.parseInt(digits.slice(-1), 16);
  return Array.from({ length: BYTES }, (_, byte) => {
    const value = Number.parseInt(digits.slice(2 * byte, 2 * byte + 2), 16) ^ (1 << ((byte + turn) % BITS));
    const changed =
      digits.slice(0, 2 * byte) + value.toString(16).padStart(2, '0') + digits.slice(2 * byte + 2);
    return changed.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  });
}
