/** Groups of a list of numbers that are shown; a reader looks for where it leaves the expected ones. */
const SHOWN_GROUPS = 12;
/** Octets of a value that are shown. */
const SHOWN_OCTETS = 32;
const SHOWN_ITEMS = 8;
/** Texts of our own, such as `accepted` or `FIRST and LAST`, are no quotation. */
const OWN_WORDS = /^\w[\w ,.:;'’()/+-]*$/;

/** A value as messages show it: numbers as such, text as text, bytes as hex, lists short. Never an object of this program. */
export function valueInWords(value: unknown): string {
  if (typeof value === 'string') return OWN_WORDS.test(value) ? value : JSON.stringify(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Object.is(value, -0) ? '0' : String(value);
  if (value === undefined) return 'nothing';
  if (value instanceof Uint8Array) return octetsInWords(value);
  if (value instanceof Map || value instanceof Set) return valueInWords([...(value as Iterable<unknown>)]);
  if (Array.isArray(value)) return listInWords(value);
  if (value instanceof Error) return value.message;
  if (typeof value === 'object' && value !== null) return recordInWords(value);
  return value === null ? 'null' : typeof value === 'boolean' ? String(value) : typeof value;
}

/** `57 00 57 00 … (98 octets)`. */
export function octetsInWords(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'no octets';
  const shown = [...bytes.subarray(0, SHOWN_OCTETS)].map((octet) => octet.toString(16).padStart(2, '0'));
  const rest = bytes.length > SHOWN_OCTETS ? ' …' : '';
  return `${shown.join(' ')}${rest} (${bytes.length} ${bytes.length === 1 ? 'octet' : 'octets'})`;
}

function listInWords(list: readonly unknown[]): string {
  if (list.length > 0 && list.every((each) => typeof each === 'number')) return numbersInWords(list);
  const shown = list.slice(0, SHOWN_ITEMS).map(valueInWords);
  return `[${[...shown, ...(list.length > SHOWN_ITEMS ? [`… ${list.length} in all`] : [])].join(', ')}]`;
}

const recordInWords = (value: object): string =>
  Object.entries(value)
    .slice(0, SHOWN_ITEMS)
    .map(([key, each]) => `${key} ${valueInWords(each)}`)
    .join(', ');

/** `[1–20]`, `[1–9, 10 ×11]`: what rises by one, and what stays, in one piece each. */
export function numbersInWords(numbers: readonly number[]): string {
  const groups: string[] = [];
  for (let start = 0; start < numbers.length; ) {
    const [end, step] = groupFrom(numbers, start);
    const [first, last] = [numbers[start]!, numbers[end - 1]!];
    const length = end - start;
    groups.push(length === 1 ? `${first}` : step === 0 ? `${first} ×${length}` : `${first}–${last}`);
    start = end;
  }
  const more = groups.length > SHOWN_GROUPS ? [`… ${numbers.length} in all`] : [];
  return `[${[...groups.slice(0, SHOWN_GROUPS), ...more].join(', ')}]`;
}

/** Where the group that begins at `start` ends, and by how much each number in it rises; only three or more that rise are one. */
function groupFrom(numbers: readonly number[], start: number): [end: number, step: number] {
  const runOf = (step: number): number => {
    let end = start + 1;
    while (end < numbers.length && numbers[end]! - numbers[end - 1]! === step) end++;
    return end;
  };
  const [same, rising] = [runOf(0), runOf(1)];
  if (same > start + 1) return [same, 0];
  return rising - start > 2 ? [rising, 1] : [start + 1, 0];
}
