import { ProtocolError } from './errors';

export const NIL_GUID = '00000000-0000-0000-0000-000000000000';

const HEX: readonly string[] = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));
const GUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

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
export function readGuid(b: Uint8Array, o: number, bigEndian = false): string {
  const first = bigEndian
    ? HEX[b[o]!]! + HEX[b[o + 1]!]! + HEX[b[o + 2]!]! + HEX[b[o + 3]!]! + '-' + HEX[b[o + 4]!]! + HEX[b[o + 5]!]! + '-' + HEX[b[o + 6]!]! + HEX[b[o + 7]!]! // biome-ignore format: one octet after another
    : HEX[b[o + 3]!]! + HEX[b[o + 2]!]! + HEX[b[o + 1]!]! + HEX[b[o]!]! + '-' + HEX[b[o + 5]!]! + HEX[b[o + 4]!]! + '-' + HEX[b[o + 7]!]! + HEX[b[o + 6]!]!; // biome-ignore format: one octet after another
  const tail = HEX[b[o + 10]!]! + HEX[b[o + 11]!]! + HEX[b[o + 12]!]! + HEX[b[o + 13]!]! + HEX[b[o + 14]!]! + HEX[b[o + 15]!]!;
  return `${first}-${HEX[b[o + 8]!]!}${HEX[b[o + 9]!]!}-${tail}`;
}

/**
 * Writes a GUID's 16 octets at `offset`.
 * @throws ProtocolError `bad-input` where the text is no GUID
 */
export function writeGuid(target: Uint8Array, offset: number, value: string, bigEndian = false): void {
  const positions = bigEndian ? BIG_ENDIAN_DIGITS : LITTLE_ENDIAN_DIGITS;
  let bad = value.length ^ 36;
  for (let i = 0; i < 16; i++) {
    const at = positions[i]!;
    const high = DIGIT_VALUES[value.charCodeAt(at) & 127]!;
    const low = DIGIT_VALUES[value.charCodeAt(at + 1) & 127]!;
    bad |= (high | low) & 0xf0;
    target[offset + i] = (high << 4) | low;
  }
  if (bad !== 0 || !GUID_PATTERN.test(value)) {
    throw new ProtocolError({
      code: 'bad-input',
      path: 'guid',
      offset,
      expected: 'a GUID xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx',
      actual: JSON.stringify(value),
    });
  }
}
