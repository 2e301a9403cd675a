import { expect } from 'chai';
import fc from 'fast-check';
import { Random } from '../../support/random';
import { orderByPriorityAndWeight, orderForClient } from './srv-order';

interface Named {
  readonly name: string;
  readonly priority: number;
  readonly weight: number;
}
const record = (name: string, priority: number, weight: number): Named => ({ name, priority, weight });
const names = (records: readonly Named[]): string => records.map(({ name }) => name).join('');

const lowest = (): number => 0;
const highest = (): number => 1 - 2 ** -32;
const drawsOf = (random: Random) => (): number => random.fraction();

describe('the order of SRV records (RFC 2782)', () => {
  const zone = [record('c', 20, 5), record('a', 10, 60), record('b', 10, 40), record('z', 10, 0)];

  it('takes lower priorities first, and within one what the draw falls on', () => {
    // Weight 0 stands in front, so that the lowest draw, 0, is its; the highest is the last record's.
    expect(names(orderByPriorityAndWeight(zone, lowest))).to.equal('zabc');
    expect(names(orderByPriorityAndWeight(zone, highest))).to.equal('bazc');
  });

  it('chooses the first record whose running sum reaches the draw', () => {
    const two = [record('a', 0, 60), record('b', 0, 40)];
    for (const [number, first] of [
      [1, 'a'],
      [60, 'a'],
      [61, 'b'],
      [100, 'b'],
    ] as const) {
      const draw = (): number => (number + 0.5) / 101;
      expect(names(orderByPriorityAndWeight(two, draw))[0], `draw ${number}`).to.equal(first);
    }
  });

  it('spreads hosts without weights evenly, whatever order DNS names them in', () => {
    const equal = [record('a', 0, 0), record('b', 0, 0), record('c', 0, 0)];
    const draw = drawsOf(new Random(3));
    const firsts: Record<string, number> = { a: 0, b: 0, c: 0 };
    for (let i = 0; i < 20_000; i++) firsts[orderByPriorityAndWeight(equal, draw)[0]!.name]!++;
    for (const name of ['a', 'b', 'c']) expect(firsts[name]! / 20_000, name).to.be.closeTo(1 / 3, 0.018);
  });

  it('keeps every record once, with priorities ascending', () => {
    const arbitrary = fc.record({
      name: fc.string(),
      priority: fc.nat(3),
      weight: fc.oneof(fc.constant(0), fc.nat(65535)),
    });
    fc.assert(
      fc.property(fc.array(arbitrary), fc.integer(), (records, seed) => {
        const ordered = orderByPriorityAndWeight(records, drawsOf(new Random(seed)));
        expect(ordered).to.have.length(records.length);
        expect(records.every((one) => ordered.includes(one))).to.equal(true);
        const priorities = ordered.map(({ priority }) => priority);
        expect(priorities).to.deep.equal([...priorities].sort((x, y) => x - y));
      }),
    );
  });

  it('shares clients out by weight', () => {
    const draw = drawsOf(new Random(2782));
    const tally: Record<string, number> = { a: 0, b: 0, z: 0 };
    const clients = 20_000;
    for (let i = 0; i < clients; i++) tally[orderByPriorityAndWeight(zone, draw)[0]!.name]!++;
    // 101 draws from 0 to 100: z has 0, a 1 to 60, b 61 to 100. Five standard deviations are under 0.018.
    expect(tally['z']! / clients).to.be.closeTo(1 / 101, 0.004);
    expect(tally['a']! / clients).to.be.closeTo(60 / 101, 0.018);
    expect(tally['b']! / clients).to.be.closeTo(40 / 101, 0.018);
  });

  it('gives the same order for the same seed', () => {
    const order = (seed: number) => names(orderByPriorityAndWeight(zone, drawsOf(new Random(seed))));
    const orders = Array.from({ length: 200 }, (_, seed) => order(seed));
    expect(Array.from({ length: 200 }, (_, seed) => order(seed))).to.deep.equal(orders);
    expect(new Set(orders)).to.have.property('size').greaterThan(2);
  });

  it('is a random pick of all where the profile does not heed priorities', () => {
    const draw = drawsOf(new Random(1));
    const firsts: Record<string, number> = {};
    for (let i = 0; i < 20_000; i++) {
      const { name } = orderForClient(zone, false, draw)[0]!;
      firsts[name] = (firsts[name] ?? 0) + 1;
    }
    for (const name of ['a', 'b', 'c', 'z']) expect(firsts[name]! / 20_000, name).to.be.closeTo(0.25, 0.016);
  });
});
