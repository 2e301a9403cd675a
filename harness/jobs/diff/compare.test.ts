import { expect } from 'chai';
import { violation } from '../../cases/judge/violation';
import { differencesOf } from './compare';
import type { Observation } from './observation';
import { COUNT_FIELD, type Seen } from './seen';

const seen = (kind: string, fields: Record<string, string> = {}, on = 0): Seen => ({
  on,
  kind,
  fields,
  tookMs: 1,
});
const observed = (steps: readonly (readonly Seen[])[], change: Partial<Observation> = {}): Observation => ({
  ...{ steps, violations: [], life: null, counters: {} },
  ...change,
});
const counted = (count: number, on = 0): Seen => seen('response', { [COUNT_FIELD]: String(count) }, on);
const leaving = (...ignored: string[]) => ({ ignored: new Set(ignored), counts: false });

describe('two observations of one conversation', () => {
  const signatures = (a: Observation, b: Observation, ...ignored: string[]): string[] =>
    differencesOf(a, b, leaving(...ignored)).map(({ signature }) => signature);

  it('are alike where nothing differs, or only when an end was heard', () => {
    const one = observed([[counted(1)], [seen('closed')]]);
    expect(signatures(one, observed([[counted(1)], []]))).to.deep.equal([]);
  });

  it('differ in the first step that does, in all of its fields', () => {
    const a = observed([[counted(1)], [seen('fault', { x: '1', y: '2' })], [counted(2)]]);
    const b = observed([[counted(1)], [seen('fault', { x: '0', y: '0' })], [counted(9)]]);
    expect(signatures(a, b)).to.deep.equal(['x', 'y']);
    expect(signatures(a, b, 'x', 'y')).to.deep.equal([COUNT_FIELD]);
  });

  it('leave out a field by its path, without its numbers, or by its name', () => {
    const a = observed([[seen('bindAck', { 'bindAck.results[1].reason': '1' })]]);
    const b = observed([[seen('bindAck', { 'bindAck.results[1].reason': '2' })]]);
    expect(signatures(a, b)).to.deep.equal(['bindAck.results[1].reason']);
    for (const name of ['bindAck.results[1].reason', 'bindAck.results.reason', 'reason'])
      expect(signatures(a, b, name), name).to.deep.equal([]);
  });

  it('hold MACs against one another where the keys of both hosts are there alone', () => {
    const [right, wrong, unknown] = ['verifies', 'does not verify', undefined].map((mac) =>
      observed([[seen('response', mac === undefined ? {} : { 'response.mac': mac })]]),
    );
    expect(signatures(right!, wrong!)).to.deep.equal(['response.mac']);
    for (const one of [right, wrong]) expect(signatures(one!, unknown!)).to.deep.equal([]);
  });

  it('differ in what the host does, with what people look for first', () => {
    const [difference] = differencesOf(observed([[counted(3)]]), observed([[seen('silence')]]), leaving());
    expect(difference).to.include({ a: 'response with count 3', b: 'silence', path: null });
  });

  it('hold counts of requests at once against one another in any order', () => {
    const a = observed([[counted(1, 100), counted(2, 101), counted(3, 102)]]);
    expect(signatures(a, observed([[counted(3, 100), counted(1, 101), counted(2, 102)]]))).to.deep.equal([]);
    expect(signatures(a, observed([[counted(3, 100), counted(1, 101), counted(1, 102)]]))).to.not.deep.equal(
      [],
    );
  });

  it('leave counts to the clauses where the hosts have histories of their own', () => {
    const a = observed([[counted(1)]]);
    const wrong = violation('count', 'CNT-20', 'count', 7, 8);
    const b = observed([[counted(8)]], { violations: [wrong] });
    expect(differencesOf(a, b, { ignored: new Set(), counts: true })).to.deep.equal([
      {
        signature: 'judged: count: count',
        ...{ path: null, step: null, a: 'as it says', b: 'count: expected 7, received 8 (CNT-20)' },
      },
    ]);
  });

  it('differ in whether the host lives, before all else, and in what it says of itself, behind it', () => {
    const a = observed([[counted(1)]], { counters: { currentCount: 1 } });
    expect(signatures(a, observed([[counted(2)]], { life: 'gone' }))).to.deep.equal([
      'life: the host lives | the host is gone',
    ]);
    expect(signatures(a, observed([[counted(1)]], { counters: { currentCount: 2 } }))).to.deep.equal([
      'counters.currentCount',
    ]);
  });
});
