import { expect } from 'chai';
import { JsonSplitter } from './json-splitter';

/** What a text is cut into, with what is wrong with each piece; pushed in pieces of so many characters. */
function cut(text: string, size = text.length): [string, string | null][] {
  const found: [string, string | null][] = [];
  const splitter = new JsonSplitter((object, damage) => found.push([object, damage]));
  for (let at = 0; at < text.length; at += size) splitter.push(text.slice(at, at + size));
  splitter.end();
  return found;
}
const TOO_MUCH = 'an object larger than any event';

describe('JSON cut into its objects', () => {
  it('is the same however it comes, braces in texts are none', () => {
    const text = '[{"a":"}\\"{"},\n {"b":[{}]}] {"c":1}';
    const whole = ['{"a":"}\\"{"}', '{"b":[{}]}', '{"c":1}'].map((object) => [object, null]);
    for (let size = 1; size <= text.length; size++) expect(cut(text, size)).to.deep.equal(whole);
  });

  it('tells where the file ends within one', () => {
    expect(cut('{"a":1} {"b":', 3)).to.deep.equal([
      ['{"a":1}', null],
      ['{"b":', 'the file ends within an object'],
    ]);
  });

  it('gives up what no event is, and reads on behind it', () => {
    const keys = Array.from({ length: 20_002 }, (_, i) => `"k${i}":0`).join();
    for (const [what, large] of [
      ['deep', `${'{"a":['.repeat(101)}${']}'.repeat(101)}`],
      ['of many keys', `{${keys}}`],
    ] as const) {
      const found = cut(`${large}\n{"a":1}`, 1000);
      expect(found[0]![1], what).to.equal(TOO_MUCH);
      expect(found.at(-1), what).to.deep.equal(['{"a":1}', null]);
    }
  });

  it('takes lists of any length', () => {
    const list = `{"hits":[${Array<string>(50_000).fill('{}').join()}]}`;
    expect(cut(list, 1000)).to.deep.equal([[list, null]]);
  });
});
