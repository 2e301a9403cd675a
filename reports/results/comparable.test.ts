import { expect } from 'chai';
import { fullReport } from '../testing/full-report';
import { checkComparable } from './comparable';
import type { Report } from './model';
import { ReportError } from './report-error';

const part = (where: string, run: Partial<Report['run']> = {}, target: Partial<Report['target']> = {}) => {
  const report = fullReport();
  return {
    where,
    report: { ...report, run: { ...report.run, ...run }, target: { ...report.target, ...target } },
  };
};

const refusal = (newer: ReturnType<typeof part>): ReportError => {
  try {
    checkComparable(part('old.json', { verb: 'run' }), newer);
  } catch (error) {
    return error as ReportError;
  }
  throw new Error('it was not refused');
};

describe('two reports', () => {
  it('of one verb, in their order, are compared without a word', () => {
    expect(checkComparable(part('a.json'), part('b.json'))).to.deep.equal([]);
  });

  it('of different verbs or shards are refused, with both files', () => {
    for (const run of [{ verb: 'load' }, { verb: 'run', shard: { index: 1, of: 2 } }] as const) {
      const error = refusal(part('new.json', run));
      expect(error).to.be.instanceOf(ReportError);
      expect(error.message).to.contain('new.json').and.contain('old.json');
    }
  });

  it('in the wrong order, or of different profiles, are told of', () => {
    const [early, late] = [
      { startedAt: '2026-01-01T00:00:00.000Z' },
      { startedAt: '2026-01-02T00:00:00.000Z' },
    ];
    const said = checkComparable(part('a.json', late), part('b.json', early, { profile: 'vista-2008' }));
    expect(said[0]).to.match(/^b\.json, given as the new report, began before a\.json/);
    expect(said[1]).to.contain('different profiles');
  });
});
