import { expect } from 'chai';
import { compareReports, comparisonExitCode, type Comparison } from './compare';
import { writeComparisonConsole } from '../comparison/console';
import { writeComparisonHtml } from '../comparison/html';
import { writeComparisonMarkdown } from '../comparison/markdown';
import type { Report, Result } from './model';
import { fullReport } from '../testing/full-report';
import { reportOf, resultOf } from '../testing/sample-report';
import { sparseFinding } from '../testing/sparse-report';

const before = reportOf([
  resultOf('CNT-01'),
  resultOf('CNT-02', { outcome: 'failed', message: 'expected 3, received 2' }),
  resultOf('CNT-03', { outcome: 'failed', message: 'expected 3 within 80 ms, received 2' }),
  resultOf('CNT-04', { outcome: 'failed', message: 'expected 3, received 2' }),
  resultOf('CNT-05'),
  resultOf('CNT-06'),
]);
const after = reportOf([
  resultOf('CNT-01', { outcome: 'failed', message: 'the host closed the connection' }),
  resultOf('CNT-02'),
  resultOf('CNT-03', { outcome: 'failed', message: 'expected 3 within 120 ms, received 2' }),
  resultOf('CNT-04', { outcome: 'failed', message: 'the host closed the connection' }),
  resultOf('CNT-05', { outcome: 'untestable', reason: 'no clock' }),
  resultOf('CNT-07'),
]);

const ids = (changes: Comparison['fixed']): string[] => changes.map(({ id }) => id);
const one = (result: Partial<Result>): Report => reportOf([resultOf('CNT-01', result)]);

describe('comparing two reports', () => {
  it('tells newly failing, fixed, changed, unchecked, new and gone apart', () => {
    const comparison = compareReports(before, after);
    expect(ids(comparison.newlyFailing)).to.deep.equal(['CNT-01']);
    expect(ids(comparison.fixed)).to.deep.equal(['CNT-02']);
    expect(ids(comparison.changedFailure)).to.deep.equal(['CNT-04']);
    expect(ids(comparison.noLongerChecked)).to.deep.equal(['CNT-05']);
    expect(ids(comparison.added)).to.deep.equal(['CNT-07']);
    expect(ids(comparison.gone)).to.deep.equal(['CNT-06']);
    expect(comparison.unchanged).to.equal(1);
    expect(comparisonExitCode(comparison)).to.equal(1);
  });

  it('finds nothing between a report and itself', () => {
    const comparison = compareReports(fullReport(), fullReport());
    expect(comparison.unchanged).to.equal(fullReport().results.length + 1 + 3);
    expect(comparisonExitCode(comparison)).to.equal(0);
  });

  const regressions: [string, Report, Report, boolean][] = [
    ['a deciding level that fails', one({}), one({ outcome: 'failed' }), true],
    [
      'a level that does not decide',
      one({ level: 'SHOULD' }),
      one({ level: 'SHOULD', outcome: 'failed' }),
      false,
    ],
    ['an unexpected pass', one({ outcome: 'expected-failure' }), one({ outcome: 'unexpected-pass' }), true],
    ['a check that is new and fails', reportOf([]), one({ outcome: 'failed' }), true],
    ['a check that is new and holds', reportOf([]), one({}), false],
    ['a check that is gone', both({}), one({}), false],
    ['a check that is fixed', one({ outcome: 'failed' }), one({}), false],
    [
      'a failure that the baseline took up',
      one({ outcome: 'failed' }),
      one({ outcome: 'expected-failure' }),
      false,
    ],
    ['a check that no longer comes to a verdict', both({}), both({ outcome: 'inconclusive' }), false],
    ['a run in which nothing comes to a verdict any more', one({}), one({ outcome: 'inconclusive' }), true],
    ['a run without a result any more', one({}), reportOf([]), true],
    ['two runs that checked nothing', reportOf([]), one({ outcome: 'untestable' }), false],
    ['a run that lost its host', one({}), ended('target-unreachable'), true],
    ['a run whose host died', one({}), ended('target-died'), true],
    ['an interrupted run', one({}), ended('interrupted'), true],
    ['a run that was terminated', one({}), ended('terminated'), true],
    ['a run that lost its host as the old one did', ended('target-died'), ended('target-died'), true],
    ['a whole run after an interrupted one', ended('interrupted'), one({}), false],
    ['a new finding', reportOf([]), reportOf([], { findings: fullReport().findings! }), true],
    ['an exchange that no longer agrees', replayed('agrees'), replayed('differs'), true],
  ];
  for (const [what, old, now, regression] of regressions) {
    it(`${regression ? 'is a regression' : 'is none'}: ${what}`, () => {
      expect(compareReports(old, now).regression).to.equal(regression);
    });
  }

  it('says why a run that was cut short is a regression, in every format, on the last line', () => {
    const old = both({});
    const now = both({ outcome: 'not-run', reason: 'the host is gone' });
    now.run = { ...now.run, ended: 'target-died', endedMessage: 'connection <refused>' };
    const comparison = compareReports(old, now);
    expect(comparison.cutShort).to.deep.equal({ verdict: 'TARGET LOST', message: 'connection <refused>' });
    expect(comparison.noLongerChecked.map(({ id, regression }) => [id, regression])).to.deep.equal([
      ['CNT-01', true],
    ]);
    expect(comparisonExitCode(comparison)).to.equal(1);
    const last = writeComparisonConsole(comparison, { color: false }).trimEnd().split('\n').at(-1);
    expect(last).to.match(/^REGRESSION {2}The new run came to TARGET LOST \(connection <refused>\)/);
    expect(writeComparisonMarkdown(comparison)).to.contain('TARGET LOST').and.not.to.contain('<refused>');
    expect(writeComparisonHtml(comparison)).to.contain('TARGET LOST').and.not.to.contain('<refused>');
  });

  it('looks at the levels it is given', () => {
    const now = one({ level: 'SHOULD', outcome: 'failed' });
    expect(compareReports(one({ level: 'SHOULD' }), now, { failOn: ['SHOULD'] }).regression).to.equal(true);
  });

  it('tells counts apart beyond the tolerance', () => {
    const old = reportOf([], { trajectory: counted(1, 2, 3, null) });
    const now = reportOf([], { trajectory: counted(1, 4, 2, 4) });
    expect(compareReports(old, now).counts.map(({ index }) => index)).to.deep.equal([1, 2, 3]);
    expect(compareReports(old, now, { counts: 1 }).counts.map(({ index }) => index)).to.deep.equal([1, 3]);
    expect(compareReports(old, old).regression).to.equal(false);
  });

  it('tells latency that grew by percent and by milliseconds, and which way', () => {
    const old = reportOf([], { latency: slow(10, 0.1) });
    const now = reportOf([], { latency: slow(13, 0.4) });
    const { latency, regression } = compareReports(old, now);
    expect(
      latency.map(({ percentile, percent, worse }) => [percentile, Math.round(percent), worse]),
    ).to.deep.equal([[99, 30, true]]);
    expect(regression).to.equal(true);
    expect(compareReports(old, now, { latencyPercent: 50 }).regression).to.equal(false);
    const better = compareReports(now, old);
    expect([better.latency.length, better.regression]).to.deep.equal([1, false]);
  });

  it('writes each change in each format', () => {
    const comparison = compareReports(before, after);
    const texts = [
      writeComparisonConsole(comparison, { color: false }),
      writeComparisonMarkdown(comparison).replaceAll('\\-', '-'),
      writeComparisonHtml(comparison),
    ];
    for (const text of texts) {
      for (const id of ['CNT-01', 'CNT-02', 'CNT-04', 'CNT-05', 'CNT-06', 'CNT-07'])
        expect(text).to.contain(id);
      expect(text)
        .to.match(/regression/i)
        .and.to.contain('the host closed the connection');
    }
    expect(JSON.parse(JSON.stringify(comparison))).to.deep.equal(comparison);
  });
});

describe('a comparison of measures', () => {
  const texts = (comparison: Comparison): string[] => [
    writeComparisonConsole(comparison, { color: false }),
    writeComparisonMarkdown(comparison).replace(/\\(?=\W)/g, ''),
    writeComparisonHtml(comparison),
  ];

  it('tells other counts in each format, an absent one by word', () => {
    const old = reportOf([], { trajectory: counted(1, 2, null) });
    const now = reportOf([], { trajectory: counted(1, null, 4) });
    for (const text of texts(compareReports(old, now))) {
      expect(text).to.contain('request 1: answered 2 before, nothing now');
      expect(text).to.contain('request 2: answered nothing before, 4 now');
      expect(text).to.contain('2 other counts; 0 unchanged.').and.not.to.contain('request 0:');
    }
  });

  it('only counts those beyond the first', () => {
    const counts = (from: number) =>
      reportOf([], { trajectory: counted(...Array.from({ length: 300 }, (_, index) => index + from)) });
    const [lines, markdown] = texts(compareReports(counts(0), counts(1)));
    expect(lines).to.contain('request 19:').and.not.to.contain('request 20:');
    expect(lines).to.contain('… and 280 more');
    expect(markdown).to.contain('request 199:').and.not.to.contain('request 200:');
    expect(markdown).to.contain('- … and 100 more');
  });

  it('tells which percentiles are slower and which faster in each format', () => {
    const old = reportOf([], { latency: slow(10, 4) });
    const now = reportOf([], { latency: slow(13, 1) });
    const comparison = compareReports(old, now);
    for (const text of texts(comparison)) {
      expect(text).to.match(/slower.*99 %: 10 ms → 13 ms \(\+30 %\)/);
      expect(text).to.match(/faster.*50 %: 4\.0 ms → 1\.0 ms \(−75 %\)/);
      expect(text).to.contain('1 slower percentiles, 1 faster percentiles; 0 unchanged.');
    }
    expect(comparisonExitCode(comparison)).to.equal(1);
  });

  it('is no regression in any format where all is faster, nor where nothing changed', () => {
    const [fast, slower] = [reportOf([], { latency: slow(10, 1) }), reportOf([], { latency: slow(13, 4) })];
    for (const text of texts(compareReports(slower, fast))) {
      expect(text)
        .to.match(/no regression/i)
        .and.not.to.match(/[^o] regression/i);
    }
    for (const text of texts(compareReports(both({}), both({})))) {
      expect(text).to.contain('Nothing changed (2 compared).');
    }
  });

  it('takes a latency that grew from nothing as grown by all of it', () => {
    const from = (ms: number) => reportOf([], { latency: slow(ms, 1) });
    expect(
      compareReports(from(0), from(2)).latency.map(({ percent, worse }) => [percent, worse]),
    ).to.deep.equal([[100, true]]);
    expect(compareReports(from(0), from(0)).latency).to.deep.equal([]);
  });

  it('tells a finding that was fixed as fixed', () => {
    const found = (state: 'new' | 'fixed') => reportOf([], { findings: [sparseFinding(state)] });
    const comparison = compareReports(found('new'), found('fixed'));
    expect(comparison.fixed.map(({ id, before, after }) => [id, before, after])).to.deep.equal([
      ['finding alive-1', 'failed', 'fixed'],
    ]);
    expect(comparison.regression).to.equal(false);
  });
});

function both(result: Partial<Result>): Report {
  return reportOf([resultOf('CNT-01', result), resultOf('CNT-02')]);
}

function ended(how: NonNullable<Report['run']['ended']>): Report {
  const report = one({});
  return { ...report, run: { ...report.run, ended: how } };
}

function replayed(verdict: 'agrees' | 'differs'): Report {
  const exchange = { index: 0, sent: 'client', verdict, equal: [], mayDiffer: [], mustNotDiffer: [] };
  return reportOf([], { replay: { capture: 'a.pcap', exchanges: [exchange] } });
}

function counted(...counts: (number | null)[]): NonNullable<Report['trajectory']> {
  const points = counts.map((answered, index) => ({
    index,
    sent: 'client',
    recorded: null,
    answered,
    expected: null,
  }));
  return { requests: counts.length, thresholds: [5, 25], capacity: 50, points };
}

function slow(p99: number, p50: number): NonNullable<Report['latency']> {
  const latency = fullReport().latency!;
  const percentiles = [
    { percentile: 50, ms: p50 },
    { percentile: 99, ms: p99 },
  ];
  return { ...latency, series: [{ ...latency.series[0]!, percentiles }] };
}
