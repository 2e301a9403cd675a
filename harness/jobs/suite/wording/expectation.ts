import { valueInWords } from './values';

/** What a check expected and what came, in words; `subject` where the check names one. */
export interface Expectation {
  readonly subject?: string;
  readonly expected: string;
  readonly received: string;
}

/** How chai words what it checks, behind "expected … to", and how a reader is told of it. Tried from the first on. */
const PHRASES: readonly (readonly [RegExp, (found: RegExpExecArray, error: Compared) => string])[] = [
  [/ to not (?:deeply )?equal [\s\S]*$/, (_, { expected }) => `anything but ${valueInWords(expected)}`],
  [/ to (?:deeply )?equal [\s\S]*$/, (_, { expected }) => itemsInWords(expected)],
  [/ to be (below|above|at least|at most) (\S+)$/, ([, bound, limit]) => `${bound} ${limit}`],
  [/ to be within (\S+?)\.\.(\S+)$/, ([, low, high]) => `${low} to ${high}`],
  [/ to be one of [\s\S]*$/, (_, { expected }) => oneOf(expected)],
  [/ to have a length of (\d+) but got \d+$/, ([, length]) => `${length} of them`],
  [/ (?:not to|to not) be empty$/, () => 'at least one'],
  [/ to be empty$/, () => 'none'],
  [/ to not match [\s\S]*$/, () => 'text without NUL or lone surrogates in it'],
  [/ to (be an? \w+)$/, ([, what]) => what!.slice('be '.length)],
  [/ to ((?:not )?(?:be|have|include|match|contain)\b[\s\S]*)$/, ([, phrase]) => `it to ${phrase}`],
];

interface Compared {
  readonly message: string;
  readonly actual: unknown;
  readonly expected?: unknown;
}

/** What an assertion of chai compared; null for an error that compares nothing. */
export function expectationOf(error: Error): Expectation | null {
  if (error.name !== 'AssertionError' || !('actual' in error)) return null;
  const compared = error as unknown as Compared;
  const start = compared.message.indexOf('expected ');
  if (start < 0) return null;
  for (const [pattern, words] of PHRASES) {
    const found = pattern.exec(compared.message);
    if (found === null) continue;
    const subject = compared.message.slice(0, start).replace(/: $/, '');
    const received = itemsInWords(compared.actual);
    return { ...(subject === '' ? {} : { subject }), expected: words(found, compared), received };
  }
  return null;
}

/** A list without items is none of what its subject names. */
const itemsInWords = (value: unknown): string =>
  Array.isArray(value) && value.length === 0 ? 'none' : valueInWords(value);

const oneOf = (expected: unknown): string =>
  Array.isArray(expected) ? expected.map(valueInWords).join(' or ') : valueInWords(expected);

/** `the count: expected below 25, received 25`. */
export function expectationInWords({ subject, expected, received }: Expectation): string {
  return `${subject === undefined ? '' : `${subject}: `}expected ${expected}, received ${received}`;
}
