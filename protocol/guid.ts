import { ProtocolError } from './errors';

export const NIL_GUID = '00000000-0000-0000-0000-000000000000';

const GUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DASHES: readonly number[] = [8, 13, 18, 23];
const DASH = 45;

/** Where in the text the high digit of each stored octet stands: the first three groups are little-endian (C706 A.1). */
const LITTLE_ENDIAN_DIGITS: readonly number[] = [6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34];
const BIG_ENDIAN_DIGITS: readonly number[] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/** Character codes of the two hexadecimal digits of each octet. */
const HIGH_DIGITS = Uint8Array.from({ length: 256 }, (_, octet) => (octet >>> 4).toString(16).charCodeAt(0));
const LOW_DIGITS = Uint8Array.from({ length: 256 }, (_, octet) => (octet & 15).toString(16).charCodeAt(0));

const DIGIT_VALUES = new Uint8Array(128).fill(255);
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  DIGIT_VALUES[digit.charCodeAt(0)] = value;
  DIGIT_VALUES[digit.toUpperCase().charCodeAt(0)] = value;
}

export function isGuid(text: string): boolean {
  return GUID_PATTERN.test(text);
}

/** Reads 16 octets at `offset`; the caller has checked that they are there. */
export function readGuid(bytes: Uint8Array, offset: number, bigEndian = false): string {
  // In little-endian order the octets of the first group stand back to front, those of the next two in pairs.
  const swap4 = bigEndian ? 0 : 3;
  const swap2 = bigEndian ? 0 : 1;
  const high = (at: number): number => HIGH_DIGITS[bytes[offset + at]!]!;
  const low = (at: number): number => LOW_DIGITS[bytes[offset + at]!]!;
  // One flat string: joined from pieces, it is a tree that whoever looks it up has to flatten first, for thrice the time.
  // biome-ignore format: a line for each group
  return String.fromCharCode(
    high(swap4), low(swap4), high(1 ^ swap4), low(1 ^ swap4),
    high(2 ^ swap4), low(2 ^ swap4), high(3 ^ swap4), low(3 ^ swap4), DASH,
    high(4 ^ swap2), low(4 ^ swap2), high(5 ^ swap2), low(5 ^ swap2), DASH,
    high(6 ^ swap2), low(6 ^ swap2), high(7 ^ swap2), low(7 ^ swap2), DASH,
    high(8), low(8), high(9), low(9), DASH,
    high(10), low(10), high(11), low(11), high(12), low(12),
    high(13), low(13), high(14), low(14), high(15), low(15),
  );
}

/**
 * Writes a GUID's 16 octets at `offset`.
 * @throws ProtocolError `bad-input` where the text is no GUID
 */
export function writeGuid(target: Uint8Array, offset: number, value: string, bigEndian = false): void {
  const positions = bigEndian ? BIG_ENDIAN_DIGITS : LITTLE_ENDIAN_DIGITS;
  // One accumulated flag instead of a regular expression: this runs six times a message.
  let bad = value.length ^ 36;
  for (let i = 0; i < 16; i++) {
    const at = positions[i]!;
    const highCode = value.charCodeAt(at);
    const lowCode = value.charCodeAt(at + 1);
    const high = DIGIT_VALUES[highCode & 127]!;
    const low = DIGIT_VALUES[lowCode & 127]!;
    bad |= ((highCode | lowCode) & ~127) | ((high | low) & 0xf0);
    target[offset + i] = (high << 4) | low;
  }
  for (const at of DASHES) bad |= value.charCodeAt(at) ^ DASH;
  if (bad !== 0) {
    throw new ProtocolError({
      code: 'bad-input',
      path: 'guid',
      offset,
      expected: 'a GUID xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx',
      actual: JSON.stringify(value),
    });
  }
}
