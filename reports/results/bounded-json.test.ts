import { expect } from 'chai';
import fc from 'fast-check';
import { z } from 'zod';
import { fit, parseBoundedJson } from './bounded-json';

describe('JSON that others made', () => {
  it('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseBoundedJson(text)).to.deep.equal(JSON.parse(text));
      }),
    );
  });

  it('is no JSON where JSON.parse says so', () => {
    for (const text of ['', '{', '"', '"\\"', '[1,]', 'x']) {
      expect(() => parseBoundedJson(text), text).to.throw(SyntaxError);
    }
  });

  it('does not count what stands in texts', () => {
    const text = JSON.stringify(['[{,'.repeat(1_000_000), '\\', '"', '[\\"[']);
    expect(parseBoundedJson(text)).to.deep.equal(JSON.parse(text));
  });

  for (const [what, text, told] of [
    ['deeper', '['.repeat(101) + ']'.repeat(101), /100 lists and objects within each other/],
    ['of more lists', `[${'[],'.repeat(500_001)}[]]`, /500000 lists and objects/],
    ['of more objects', `[${'{},'.repeat(500_001)}{}]`, /500000 lists and objects/],
    ['of more keys', `{"k":1${',"k":1'.repeat(200_000)}}`, /an object of more than 200000 keys/],
    ['of more values', `[${'1,'.repeat(4_000_001)}1]`, /4000000 values/],
  ] as const) {
    it(`that is ${what} than any file is refused before anything is made of it`, () => {
      expect(() => parseBoundedJson(text)).to.throw(SyntaxError, told);
    });
  }
});

describe('fitting a schema', () => {
  let looked = 0;
  const counted = z.number().refine((value) => {
    looked++;
    return value > 0;
  }, 'must be above 0');
  const schema = z.object({
    name: z.string(),
    lists: z.array(z.object({ values: z.array(counted) })).optional(),
  });

  it('gives what fits', () => {
    const value = { name: 'a', lists: [{ values: [1, 2] }] };
    expect(fit(schema, value)).to.deep.equal({ data: value });
    expect(fit(schema, { name: 'a' })).to.deep.equal({ data: { name: 'a' } });
  });

  it('looks at no item behind the first that does not fit', () => {
    looked = 0;
    const values = [1, ...Array<number>(10_000).fill(0)];
    expect(fit(schema, { name: 'a', lists: [{ values: [1] }, { values }] })).to.deep.equal({
      misfit: { path: ['lists', 1, 'values', 1], message: 'must be above 0' },
    });
    expect(looked).to.be.lessThan(10);
  });

  it('says what is wrong where it is no list', () => {
    expect(fit(schema, { name: 'a', lists: 3 }))
      .to.have.nested.property('misfit.path')
      .that.deep.equals(['lists']);
    expect(fit(schema, null)).to.have.nested.property('misfit.path').that.deep.equals([]);
    expect(fit(z.strictObject({ name: z.string() }), { nmae: 'a' }))
      .to.have.nested.property('misfit.message')
      .that.matches(/nmae/);
  });

  it('loses nothing to a key whose letter was changed, and leaves those of later versions alone', () => {
    for (const [key, told] of [
      ['lista', /is it lists/],
      ['\nists', /no such key/],
    ] as const)
      expect(fit(schema, { name: 'a', [key]: [] }), key)
        .to.have.nested.property('misfit.message')
        .that.matches(told);
    expect(fit(schema, { name: 'a', lists: [], lista: 1, newer: 2 })).to.deep.equal({
      data: { name: 'a', lists: [] },
    });
  });
});
