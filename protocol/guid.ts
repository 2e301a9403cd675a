import { ProtocolError } from './errors';

export const NIL_GUID = '00000000-0000-0000-0000-000000000000';

const HEX: readonly string[] = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));
const GUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DASHES: readonly number[] = [8, 13, 18, 23];
const DASH = 45;

/** Where in the text the high digit of each stored octet stands: the first three groups are little-endian (C706 A.1). */
const LITTLE_ENDIAN_DIGITS: readonly number[] = [6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34];
const BIG_ENDIAN_DIGITS: readonly number[] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

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
  const octet = (at: number): string => HEX[bytes[offset + at]!]!;
  const groups = bigEndian
    ? octet(0) + octet(1) + octet(2) + octet(3) + '-' + octet(4) + octet(5) + '-' + octet(6) + octet(7)
    : octet(3) + octet(2) + octet(1) + octet(0) + '-' + octet(5) + octet(4) + '-' + octet(7) + octet(6);
  const node = octet(10) + octet(11) + octet(12) + octet(13) + octet(14) + octet(15);
  return groups + '-' + octet(8) + octet(9) + '-' + node;
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
