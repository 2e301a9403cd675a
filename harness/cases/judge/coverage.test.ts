import { expect } from 'chai';
import { CoverageTable } from './coverage';

const CASES = { cases: 1, casesPerSecond: 1, workers: 1 };

describe('the coverage of a campaign', () => {
  const table = (): CoverageTable => new CoverageTable();

  it('names what was not tried, of every layout and every kind of value', () => {
    const { rows } = table().report(CASES);
    expect(rows.every(({ reactions }) => Object.values(reactions).every((count) => count === 0))).to.equal(
      true,
    );
    const pairs = rows.map(({ field, kind }) => `${field} ${kind}`);
    expect(new Set(pairs).size).to.equal(pairs.length);
    expect(pairs).to.include.members([
      'kms.request.requiredClientCount hostile',
      'rpc.header.fragLength boundary',
      'rpc.bind.maxRecvFrag valid',
      'rpc.request.opnum hostile',
      'calls at-once',
      'control restart',
      'tcp.stream http',
    ]);
  });

  it('has one row for what was tried, and what the host did', () => {
    const coverage = table();
    const pairs = coverage.report(CASES).rows.length;
    coverage.add(['rpc.request.opnum hostile'], 'fault');
    coverage.add(['rpc.request.opnum hostile'], 'fault');
    const { rows } = coverage.report(CASES);
    const opnum = rows.filter(({ field, kind }) => field === 'rpc.request.opnum' && kind === 'hostile');
    expect(opnum.map(({ reactions }) => reactions)).to.deep.equal([
      { answered: 0, hresult: 0, fault: 2, closed: 0, reset: 0, timeout: 0 },
    ]);
    // Beside the pairs: all requests, and each field as clients have it.
    expect(rows.filter(({ kind }) => kind !== 'usual' && kind !== 'sent')).to.have.length(pairs);
  });
});
