import type { z } from 'zod';

/** What a value should have been, in the words of who writes YAML. */
const EXPECTED: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys with values',
};

/** The problem that a schema found, where the schema has no words of its own for it; undefined leaves zod's. */
export function issueInWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return wrong(EXPECTED[issue.expected] ?? issue.expected, issue.input);
    case 'invalid_value': {
      const values = issue.values.map(String).join(', ');
      return wrong(issue.values.length === 1 ? values : `one of ${values}`, issue.input);
    }
    case 'too_small':
      return `must be ${issue.inclusive === false ? 'above' : 'at least'} ${issue.minimum}`;
    case 'too_big':
      return `must be ${issue.inclusive === false ? 'below' : 'at most'} ${issue.maximum}`;
    default:
      return undefined;
  }
}

function wrong(expected: string, input: unknown): string {
  return input === undefined
    ? `is missing: expected ${expected}`
    : `expected ${expected}, there is ${shown(input)}`;
}

/** Enough of a value to find it. */
function shown(input: unknown): string {
  if (Array.isArray(input)) return 'a list';
  if (input !== null && typeof input === 'object') return 'a group of keys';
  const text = JSON.stringify(input);
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}
