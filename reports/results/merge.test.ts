import { expect } from 'chai';
import fc from 'fast-check';
import { build, type Histogram } from 'hdr-histogram-js';
import { EXIT, exitCode } from './exit-code';
import { addHistograms, histogramOf, latencySeries } from './latency';
import { mergeReports, withoutShard } from './merge';
import type { Part } from './merge-part';
import { parseReport, ReportError, type Report } from './model';
import { fullReport } from '../testing/full-report';
import { reportOf, resultOf } from '../testing/sample-report';

function shard(index: number, of: number, report: Report = reportOf([resultOf(`CNT-${index}`)])): Part {
  const command = `kmsspec run --seed 42 --shard ${index}/${of} --json part-${index}.json`;
  return {
    report: { ...report, run: { ...report.run, shard: { index, of }, command } },
    where: `part-${index}.json`,
  };
}

function refusal(parts: readonly Part[]): ReportError {
  try {
    mergeReports(parts);
  } catch (error) {
    if (error instanceof ReportError) return error;
    throw error;
  }
  throw new Error('was merged');
}

function histogram(values: readonly number[], digits: 2 | 3 = 3): Histogram {
  const made = build({ bitBucketSize: 64, numberOfSignificantValueDigits: digits });
  for (const value of values) made.recordValue(value);
  return made;
}

function withLatency(values: readonly number[], digits: 2 | 3 = 3): Report {
  const latency = fullReport().latency!;
  const series = latencySeries(histogram(values, digits), { name: 'actual', corrected: false, unit: 'us' });
  return reportOf([], { latency: { ...latency, requests: values.length, series: [series] } });
}

describe('merging shards', () => {
  it('gives one report of all results, in one order whatever that of the parts', () => {
    const parts = [shard(3, 3), shard(1, 3), shard(2, 3)];
    const merged = mergeReports(parts);
    expect(merged.results.map(({ id }) => id)).to.deep.equal(['CNT-1', 'CNT-2', 'CNT-3']);
    expect(merged.summary.passed).to.equal(3);
    expect(merged.run.shard).to.equal(null);
    expect(merged.run.command).to.equal('kmsspec run --seed 42');
    expect(mergeReports([...parts].reverse())).to.deep.equal(merged);
    expect(parseReport(JSON.stringify(merged))).to.deep.equal(merged);
  });

  it('adds histograms exactly: the sum is that of all values in one', () => {
    const values = fc.array(fc.integer({ min: 1, max: 60_000_000 }), { size: 'max', maxLength: 200 });
    fc.assert(
      fc.property(values, values, values, (...all) => {
        const merged = mergeReports(all.map((some, index) => shard(index + 1, 3, withLatency(some))));
        const whole = histogramOf(withLatency(all.flat()).latency!.series[0]!);
        const sum = histogramOf(merged.latency!.series[0]!);
        expect(sum.totalCount).to.equal(all.flat().length);
        for (let percentile = 0; percentile <= 100; percentile += 2.5) {
          expect(sum.getValueAtPercentile(percentile)).to.equal(whole.getValueAtPercentile(percentile));
        }
        expect(merged.latency!.requests).to.equal(all.flat().length);
      }),
      { seed: 7, numRuns: 15 },
    );
  });

  it('adds counts that outgrow 32 bits', () => {
    const many = build({ bitBucketSize: 64, numberOfSignificantValueDigits: 3 });
    many.recordValueWithCount(1000, 3_000_000_000);
    expect(addHistograms([many, many]).totalCount).to.equal(6_000_000_000);
  });

  it('adds rates, failures and coverage, and joins findings of one group', () => {
    const full = fullReport();
    const part = reportOf([], { latency: full.latency!, coverage: full.coverage!, findings: full.findings! });
    const merged = mergeReports([shard(1, 2, part), shard(2, 2, part)]);
    expect(merged.latency!.askedPerSecond).to.equal(2000);
    expect(merged.latency!.failures).to.deep.equal([{ class: 'timed out', count: 4 }]);
    expect(merged.latency!.series.map(({ count }) => count)).to.deep.equal([60_000, 60_000]);
    expect(merged.latency!.budgets!.map(({ held }) => held)).to.deep.equal([false, true]);
    expect(merged.coverage!.cases).to.equal(40_000);
    expect(merged.coverage!.rows).to.have.length(full.coverage!.rows.length);
    expect(merged.coverage!.rows[0]!.reactions.answered).to.equal(
      2 * full.coverage!.rows[0]!.reactions.answered,
    );
    expect(merged.findings!.map(({ cases }) => cases)).to.deep.equal([34]);
  });

  it('puts the exchanges of a replay in order', () => {
    const { exchanges } = fullReport().replay!;
    const of = (...some: number[]): Report =>
      reportOf([], { replay: { capture: 'a.pcap', exchanges: some.map((index) => exchanges[index]!) } });
    const merged = mergeReports([shard(1, 2, of(0, 2)), shard(2, 2, of(1))]);
    expect(merged.replay!.exchanges.map(({ index }) => index)).to.deep.equal([0, 54, 55]);
    expect(refusal([shard(1, 2, of(0)), shard(2, 2, of(0))]).problem).to.equal(
      'exchange 0 is in part-1.json too',
    );
  });

  it('holds what was checked over what was not, and a failure over a pass', () => {
    const of = (outcome: 'passed' | 'excluded' | 'failed'): Report =>
      reportOf([resultOf('CNT-01', { outcome })]);
    expect(
      mergeReports([shard(1, 2, of('excluded')), shard(2, 2, of('passed'))]).results[0]!.outcome,
    ).to.equal('passed');
    expect(mergeReports([shard(1, 2, of('passed')), shard(2, 2, of('failed'))]).results[0]!.outcome).to.equal(
      'failed',
    );
  });

  it('is inconclusive where the machine of a part did not suffice, whichever part that is', () => {
    const limited = reportOf([resultOf('CNT-02')]);
    limited.run.limits = ['12 file descriptors'];
    for (const parts of [
      [shard(1, 2), shard(2, 2, limited)],
      [shard(1, 2, limited), shard(2, 2)],
    ]) {
      const merged = mergeReports(parts);
      expect(merged.run.limits).to.deep.equal(['12 file descriptors']);
      expect(exitCode(merged)).to.equal(EXIT.inconclusive);
    }
    expect(mergeReports([shard(1, 2), shard(2, 2)]).run).to.not.have.property('limits');
  });

  it('is interrupted or lost where a part was', () => {
    const lost = reportOf([]);
    lost.run.ended = 'target-died';
    lost.run.endedMessage = 'no answer to CNT-02';
    const { run } = mergeReports([shard(1, 2), shard(2, 2, lost)]);
    expect([run.ended, run.endedMessage]).to.deep.equal(['target-died', 'no answer to CNT-02']);
  });

  const changed = (change: (report: Report) => void): Part => {
    const part = JSON.parse(JSON.stringify(shard(2, 2))) as Part;
    change(part.report);
    return part;
  };
  const refused: [string, readonly Part[], string][] = [
    ['no parts', [], ''],
    ['a report that is no shard', [{ report: reportOf([]), where: 'a.json' }], 'run.shard'],
    ['a shard twice', [shard(1, 2), shard(1, 2)], 'run.shard'],
    ['a missing shard', [shard(1, 3), shard(3, 3)], ''],
    ['shards of another number', [shard(1, 2), shard(2, 3)], 'run.shard'],
    ['a shard beyond the last', [shard(1, 2), shard(3, 2)], 'run.shard'],
    ['another seed', [shard(1, 2), changed(({ run }) => (run.seed = 43))], 'run.seed'],
    ['another version', [shard(1, 2), changed(({ tool }) => (tool.version = '9'))], 'tool.version'],
    ['another target', [shard(1, 2), changed(({ target }) => (target.address = 'b:1'))], 'target.address'],
    [
      'another profile',
      [shard(1, 2), changed(({ target }) => (target.profile = 'vista-2008'))],
      'target.profile',
    ],
    [
      'another command',
      [shard(1, 2), changed(({ run }) => (run.command = 'kmsspec fuzz --shard 2/2'))],
      'run.command',
    ],
    [
      'another precision',
      [shard(1, 2, withLatency([1, 2], 3)), shard(2, 2, withLatency([1], 2))],
      'latency.series.actual',
    ],
    [
      'two histories of counts',
      [1, 2].map((index) => shard(index, 2, reportOf([], { trajectory: fullReport().trajectory! }))),
      'trajectory',
    ],
  ];
  for (const [what, parts, path] of refused) {
    it(`refuses ${what}`, () => {
      const error = refusal(parts);
      expect([error.code, error.path]).to.deep.equal(['parts-do-not-belong-together', path]);
    });
  }

  it('refuses a histogram that does not decode, or not to what the series says', () => {
    for (const histogram of ['', 'garbage', 'AAAA', fullReport().latency!.series[0]!.histogram]) {
      const broken = withLatency([1]);
      broken.latency!.series[0]!.histogram = histogram;
      expect(refusal([shard(1, 2, broken), shard(2, 2, withLatency([1]))]).code).to.equal('bad-field');
    }
  });

  it('takes embedded hosts at different ports for the same', () => {
    const parts = [1, 2].map((index) => {
      const part = shard(index, 2);
      return {
        ...part,
        report: {
          ...part.report,
          target: { ...part.report.target, embedded: true, address: `127.0.0.1:${5000 + index}` },
        },
      };
    });
    expect(mergeReports(parts).results).to.have.length(2);
  });

  it('compares commands without shard and output files', () => {
    expect(withoutShard("kmsspec run --shard 1/4 --json 'my part.json' CNT --html=a.html --seed 1")).to.equal(
      'kmsspec run CNT --seed 1',
    );
  });
});
