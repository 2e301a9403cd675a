import { LAB_KEY } from '../../../../protocol';
import { textbookMac } from '../../../../protocol/textbook-rijndael';
import { hexOf } from '../plain/lay-out';

export const MAC_OCTETS = 16;

/** The MAC of octets under the published lab key, by the cipher as FIPS 197 words it. */
export const labMac = (octets: readonly number[]): string =>
  hexOf([...textbookMac(LAB_KEY, Uint8Array.from(octets))]);

/** A message with the MAC of all that precedes its last 16 octets. */
export function signed(message: readonly number[]): number[] {
  const covered = message.slice(0, -MAC_OCTETS);
  return [...covered, ...textbookMac(LAB_KEY, Uint8Array.from(covered))];
}
