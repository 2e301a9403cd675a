import { expect } from 'chai';
import { CaseCount } from './case-count';
import { goodKmsRequest } from '../conduct/probe';
import { PROFILES } from '../../model/profile';

describe('counting beside a case', () => {
  const request = (machine: number, requiredClientCount = 25) => ({
    ...goodKmsRequest(
      '55c92734-d682-4d71-983e-d6ec3f16059f',
      `0000000${machine}-0000-0000-0000-000000000000`,
      0n,
    ),
    requiredClientCount,
  });
  const count = (): CaseCount => new CaseCount(PROFILES['win7-2008r2']);

  it('takes the counts of the model and no others', () => {
    const beside = count();
    expect(beside.granted(request(1), 1)).to.equal(null);
    expect(beside.granted(request(1), 1)).to.equal(null);
    expect(beside.granted(request(2), 3)).to.deep.equal([2]);
  });

  it('lets both be right after an answer was lost, until an answer tells', () => {
    const beside = count();
    beside.granted(request(1), 1);
    beside.lost(request(2));
    expect(beside.granted(request(3), 4)).to.deep.equal([2, 3]);
    const other = count();
    other.lost(request(1));
    expect(other.granted(request(2), 2)).to.equal(null);
    // Now it is known that the first was counted.
    expect(other.granted(request(3), 2)).to.deep.equal([3]);
  });

  it('lets a host come to a lost request after later ones of other connections, and count it once', () => {
    const late = count();
    late.lost(request(1));
    expect(late.granted(request(2), 1)).to.equal(null);
    expect(late.granted(request(3), 3)).to.equal(null);
    expect(late.granted(request(4), 5)).to.deep.equal([4]);
    const never = count();
    never.lost(request(1));
    never.lost(request(1));
    expect(never.granted(request(2), 3)).to.deep.equal([1, 2]);
    expect(never.granted(request(2), 2)).to.equal(null);
  });

  it('lets any order of requests at once be right, and no count twice', () => {
    const beside = count();
    expect(beside.grantedTogether([request(1), request(2), request(3)], [2, 3, 1])).to.equal(null);
    expect(count().grantedTogether([request(1), request(2)], [1, 1])).to.deep.equal([2]);
  });

  it('forgets with a restart, and drops what is older than 30 days', () => {
    const beside = count();
    beside.granted(request(1), 1);
    beside.advance(31 * 86_400);
    expect(beside.granted(request(2), 1)).to.equal(null);
    beside.restart();
    expect(beside.granted(request(1), 1)).to.equal(null);
  });
});
