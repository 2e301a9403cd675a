import { expect } from 'chai';
import { isGuid } from '../../protocol';
import { Random } from './random';

const drawn = (random: Random, times: number): number[] =>
  Array.from({ length: times }, () => random.int(0, 999));

describe('Random', () => {
  it('gives the same values for the same seed and others for another', () => {
    expect(drawn(new Random(42), 50)).to.deep.equal(drawn(new Random(42), 50));
    expect(drawn(new Random(42), 50)).to.not.deep.equal(drawn(new Random(43), 50));
    expect(drawn(new Random(1), 50)).to.not.deep.equal(drawn(new Random(1 + 2 ** 32), 50));
  });

  it('forks by label, whatever was drawn before', () => {
    const fresh = new Random(7).fork('fleet');
    const used = new Random(7);
    drawn(used, 10);
    expect(drawn(used.fork('fleet'), 20)).to.deep.equal(drawn(fresh, 20));
    expect(drawn(used.fork('load'), 20)).to.not.deep.equal(drawn(new Random(7).fork('fleet'), 20));
  });

  it('draws every value of a small range about as often', () => {
    const random = new Random(0);
    const seen = [0, 0, 0, 0, 0];
    for (let i = 0; i < 10_000; i++) seen[random.int(0, 4)]!++;
    for (const times of seen) expect(times).to.be.within(1_800, 2_200);
  });

  it('makes GUIDs of version 4 that do not repeat', () => {
    const random = new Random(3);
    const guids = Array.from({ length: 2_000 }, () => random.guid());
    expect(new Set(guids).size).to.equal(guids.length);
    for (const guid of guids) {
      expect(isGuid(guid), guid).to.equal(true);
      expect(guid).to.match(/^.{14}4.{4}[89ab]/);
    }
  });

  it('shuffles into a permutation and leaves its input alone', () => {
    const input = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    const shuffled = new Random(5).shuffle(input);
    expect(shuffled).to.not.deep.equal(input);
    expect([...shuffled].sort()).to.deep.equal(input);
    expect(input[0]).to.equal(1);
  });

  it('refuses to pick from nothing', () => {
    expect(() => new Random(1).pick([])).to.throw(RangeError, 'nothing');
  });
});
