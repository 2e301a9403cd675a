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

  it('lets renewals come anywhere among new machines that ask at once', () => {
    const known = [request(1), request(2), request(3)];
    const together = [...known, request(4)];
    const beside = (): CaseCount => {
      const made = count();
      made.grantedTogether(known, [1, 2, 3]);
      return made;
    };
    expect(beside().grantedTogether(together, [3, 3, 3, 4])).to.equal(null);
    expect(beside().grantedTogether(together, [4, 4, 4, 4])).to.equal(null);
    expect(beside().grantedTogether(together, [3, 4, 3, 4])).to.equal(null);
    // The new one cannot have come before a renewal that was told 3.
    expect(beside().grantedTogether(together, [4, 4, 4, 3])).to.deep.equal([4]);
    expect(beside().grantedTogether(together, [5, 5, 5, 5])).to.deep.equal([3]);
  });

  it('judges on where more orders explain requests at once than could be tried', () => {
    const beside = count();
    const machines = Array.from({ length: 9 }, (_, i) => request(i + 1, 5));
    machines.forEach((machine, i) => expect(beside.granted(machine, i + 1)).to.equal(null));
    expect(beside.grantedTogether([...machines, ...machines], new Array<number>(18).fill(9))).to.equal(null);
    expect(beside.granted(request(0, 5), 9)).to.deep.equal([10]);
  });

  it('no longer judges after too many lost answers, of that application alone', () => {
    const beside = count();
    const other = { ...request(1), applicationId: '59a52881-a989-479d-af46-f275c6370663' };
    for (let i = 0; i < 4; i++) beside.lost(request(i));
    expect(beside.granted(request(9), 70)).to.equal(null);
    expect(beside.granted(other, 2)).to.deep.equal([1]);
  });

  it('keeps a lost request in mind where a table that was found is lost sight of, until the host comes to it no more', () => {
    let nowMs = 0;
    const table = new CaseCount(PROFILES['win7-2008r2'], 'what it was found with', {
      nowMs: () => nowMs,
      afterMs: () => 200,
    });
    expect(table.granted(request(1), 10)).to.equal(null);
    table.lost(request(2));
    table.forget();
    expect(table.granted(request(3), 11)).to.equal(null);
    // The host has come to the lost one meanwhile.
    expect(table.granted(request(4), 13)).to.equal(null);
    table.lost(request(5));
    nowMs = 300;
    expect(table.granted(request(6), 15), 'it came to that one in time').to.equal(null);
    expect(table.granted(request(7), 17)).to.deep.equal([16]);
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
