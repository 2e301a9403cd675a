import { expect } from 'chai';
import { z } from 'zod';
import { keyMeanings, meaning, meaningOf, schemaAt } from './meaning';

const schema = z.strictObject({
  name: meaning(z.string(), 'what it is called', 'nothing').optional(),
  parts: z.array(z.strictObject({ size: meaning(z.number(), 'bytes') })).optional(),
  tags: meaning(z.array(z.string()), 'words'),
});

describe('what keys are for', () => {
  it('is listed by path, in the order of the schema', () => {
    expect(keyMeanings(schema)).to.deep.equal([
      { path: 'name', description: 'what it is called', without: 'nothing' },
      { path: 'parts[].size', description: 'bytes', without: undefined },
      { path: 'tags', description: 'words', without: undefined },
    ]);
  });

  it('must be said of every one', () => {
    expect(() => keyMeanings(z.strictObject({ a: z.strictObject({ b: z.string() }) }))).to.throw(
      'the key a.b has no meaning',
    );
  });

  it('is found by the path of a value, whichever element of a list it is in', () => {
    expect(meaningOf(schemaAt(schema, ['parts', 7, 'size'])!)).to.include({ description: 'bytes' });
    expect(schemaAt(schema, ['parts', 7, 'none'])).to.equal(undefined);
    expect(schemaAt(schema, ['name', 'first'])).to.equal(undefined);
  });

  it('keeps what else was said of the schema', () => {
    const both = meaning(z.string().meta({ format: 'date' }), 'a day');
    expect(both.meta()).to.include({ format: 'date', description: 'a day' });
  });
});
