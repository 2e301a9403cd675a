import { expect } from 'chai';
import { Random } from '../../harness/support/random';
import { cmidsThatDifferInOneByte, cmidWithZero } from './cmids';

const octetsOf = (cmid: string): Buffer => Buffer.from(cmid.replaceAll('-', ''), 'hex');

describe('CMIDs that are told apart by little', () => {
  const random = new Random(6);

  it('differ in one bit, each in another byte, and in every bit of every byte by some seed', () => {
    const met = new Set<string>();
    for (let i = 0; i < 200; i++) {
      const from = random.guid();
      cmidsThatDifferInOneByte(from).forEach((cmid, byte) => {
        const differing = octetsOf(cmid).map((octet, at) => octet ^ octetsOf(from)[at]!);
        expect([...differing.entries()].filter(([, bits]) => bits !== 0).map(([at]) => at)).to.deep.equal([
          byte,
        ]);
        expect([1, 2, 4, 8, 16, 32, 64, 128]).to.include(differing[byte]);
        met.add(`${byte} ${differing[byte]}`);
      });
    }
    expect(met.size).to.equal(16 * 8);
  });

  it('have an octet of zeros before most of what differs', () => {
    expect(octetsOf(cmidWithZero(random)))
      .to.have.length(16)
      .and.to.have.property('1', 0);
  });
});
