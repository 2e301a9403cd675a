import { expect } from 'chai';
import { z } from 'zod';
import { issueInWords } from './issue-words';

/** The problem of a value that a schema refuses, as a configuration tells it. */
function problemOf(schema: z.ZodType, value: unknown): string {
  const { error } = schema.safeParse(value, { error: issueInWords });
  if (error === undefined) throw new Error('it was accepted');
  return error.issues[0]!.message;
}

describe('problems of a configuration in words', () => {
  for (const [what, schema, value, words] of [
    ['a value that is missing', z.string(), undefined, 'is missing: expected text'],
    ['a list for a text', z.string(), ['a'], 'expected text, there is a list'],
    ['keys for a number', z.number(), { a: 1 }, 'expected a number, there is a group of keys'],
    ['nothing for a list', z.array(z.string()), null, 'expected a list, there is null'],
    ['text for keys', z.object({}), 'x', 'expected keys with values, there is "x"'],
    ['a part for a whole', z.int(), 1.5, 'expected a whole number, there is 1.5'],
    ['a kind without words of its own', z.date(), 'x', 'expected date, there is "x"'],
    ['the one value that there is', z.literal('any'), 'all', 'expected any, there is "all"'],
    ['one of several', z.enum(['on', 'off']), true, 'expected one of on, off, there is true'],
    ['a number that is too small', z.number().min(1), 0, 'must be at least 1'],
    ['a number at an open end', z.number().positive(), 0, 'must be above 0'],
    ['a number that is too great', z.number().max(65_535), 70_000, 'must be at most 65535'],
    ['a number at an open upper end', z.number().lt(5), 5, 'must be below 5'],
  ] as const) {
    it(`${what}: ${words}`, () => expect(problemOf(schema, value)).to.equal(words));
  }

  it('cut a long value, which may be a whole file', () => {
    expect(problemOf(z.number(), 'x'.repeat(100_000))).to.equal(
      `expected a number, there is "${'x'.repeat(39)}…`,
    );
    expect(problemOf(z.number(), 'x'.repeat(38))).to.equal(`expected a number, there is "${'x'.repeat(38)}"`);
  });

  it('leave to zod what it says better', () => {
    expect(problemOf(z.string().regex(/^a$/), 'b')).to.match(/pattern/);
  });
});
