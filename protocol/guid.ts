import { ProtocolError } from './errors';

/** The GUID of 16 zero octets. */
export const NIL_GUID = '00000000-0000-0000-0000-000000000000';

const GUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DASHES: readonly number[] = [8, 13, 18, 23];
const DASH = 45;

/** Where in the text the high digit of each stored octet stands: the first three groups are little-endian (C706 A.1). */
const LITTLE_ENDIAN_DIGITS: readonly number[] = [6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34];
const BIG_ENDIAN_DIGITS: readonly number[] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/** Character codes of the two hexadecimal digits of each octet. */
const HIGH = Uint8Array.from({ length: 256 }, (_, octet) => (octet >>> 4).toString(16).charCodeAt(0));
const LOW = Uint8Array.from({ length: 256 }, (_, octet) => (octet & 15).toString(16).charCodeAt(0));

const DIGIT_VALUES = new Uint8Array(128).fill(255);
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  DIGIT_VALUES[digit.charCodeAt(0)] = value;
  DIGIT_VALUES[digit.toUpperCase().charCodeAt(0)] = value;
}

/** Whether a text is a GUID as `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`, in either case. */
export function isGuid(text: string): boolean {
  return GUID_PATTERN.test(text);
}

/** Reads 16 octets at `offset`; the caller has checked that they are there. */
export function readGuid(bytes: Uint8Array, offset: number, bigEndian = false): string {
  // In little-endian order the octets of the first group stand back to front, those of the next two in pairs.
  const swap4 = bigEndian ? 0 : 3;
  const swap2 = bigEndian ? 0 : 1;
  // Neither a function for each digit, which goes beyond what V8 inlines, nor strings joined: those are a tree that whoever looks
  // one up has to flatten first, for thrice the time of all this.
  const a = bytes[offset + swap4]!;
  const b = bytes[offset + (1 ^ swap4)]!;
  const c = bytes[offset + (2 ^ swap4)]!;
  const d = bytes[offset + (3 ^ swap4)]!;
  const e = bytes[offset + (4 ^ swap2)]!;
  const f = bytes[offset + (5 ^ swap2)]!;
  const g = bytes[offset + (6 ^ swap2)]!;
  const h = bytes[offset + (7 ^ swap2)]!;
  const i = bytes[offset + 8]!;
  const j = bytes[offset + 9]!;
  const k = bytes[offset + 10]!;
  const l = bytes[offset + 11]!;
  const m = bytes[offset + 12]!;
  const n = bytes[offset + 13]!;
  const o = bytes[offset + 14]!;
  const p = bytes[offset + 15]!;
  // biome-ignore format: a line for each group, two for the last
  return String.fromCharCode(
    HIGH[a]!, LOW[a]!, HIGH[b]!, LOW[b]!, HIGH[c]!, LOW[c]!, HIGH[d]!, LOW[d]!, DASH,
    HIGH[e]!, LOW[e]!, HIGH[f]!, LOW[f]!, DASH,
    HIGH[g]!, LOW[g]!, HIGH[h]!, LOW[h]!, DASH,
    HIGH[i]!, LOW[i]!, HIGH[j]!, LOW[j]!, DASH,
    HIGH[k]!, LOW[k]!, HIGH[l]!, LOW[l]!, HIGH[m]!, LOW[m]!,
    HIGH[n]!, LOW[n]!, HIGH[o]!, LOW[o]!, HIGH[p]!, LOW[p]!,
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
