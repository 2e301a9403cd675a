import { expect } from 'chai';
import { reportOf, resultOf } from '../testing/sample-report';
import { courseOf, isUnsteady } from './course';
import { compareReports } from './compare';
import { OUTCOMES, type Outcome, type Report, type Result } from './model';
import { ReportError } from './report-error';
import { changesOf, runHistory } from './run-history';

const run = (day: number, results: Result[], change: (report: Report) => Report = (same) => same) => {
  const report = reportOf(results);
  const startedAt = `2026-11-${String(day).padStart(2, '0')}T08:00:00.000Z`;
  return { where: `${day}.json`, report: change({ ...report, run: { ...report.run, startedAt } }) };
};
const at =
  (address: string, profile = 'win7-2008r2', embedded = false) =>
  (report: Report) => ({
    ...report,
    target: { ...report.target, address, profile, embedded },
  });
const failed = (message: string): Partial<Result> => ({ outcome: 'failed', message });

describe('the history of saved runs', () => {
  it('orders the runs of a host by time, however they are named', () => {
    const parts = [3, 1, 2].map((day) => run(day, [resultOf('CNT-01')]));
    const [host, ...others] = runHistory(parts).hosts;
    expect(others).to.deep.equal([]);
    expect(host!.runs.map(({ where, number }) => [where, number])).to.deep.equal([
      ['1.json', 1],
      ['2.json', 2],
      ['3.json', 3],
    ]);
  });

  it('reads a time with its zone', () => {
    const west = run(1, [resultOf('CNT-01')], (report) => ({
      ...report,
      run: { ...report.run, startedAt: '2026-11-01T23:00:00-05:00' },
    }));
    const { hosts } = runHistory([west, run(2, [resultOf('CNT-01')])]);
    expect(hosts[0]!.runs.map(({ where, at: ms }) => [where, new Date(ms).toISOString()])).to.deep.equal([
      ['1.json', '2026-11-02T04:00:00.000Z'],
      ['2.json', '2026-11-02T08:00:00.000Z'],
    ]);
  });

  it('is one for each host and profile, and one for the embedded host whatever its port', () => {
    const { hosts } = runHistory([
      run(1, [resultOf('CNT-01')], at('10.0.0.2:1688')),
      run(2, [resultOf('CNT-01')], at('10.0.0.2:1688', 'vista-2008')),
      run(3, [resultOf('CNT-01')], at('127.0.0.1:40001', 'win7-2008r2', true)),
      run(4, [resultOf('CNT-01')], at('127.0.0.1:40002', 'win7-2008r2', true)),
      run(5, [resultOf('CNT-01')], at('[::1]:1688')),
    ]);
    expect(hosts.map(({ name, profile, runs }) => [name, profile, runs.length])).to.deep.equal([
      ['10.0.0.2:1688', 'vista-2008', 1],
      ['10.0.0.2:1688', 'win7-2008r2', 1],
      ['[::1]:1688', 'win7-2008r2', 1],
      ['embedded lab host', 'win7-2008r2', 2],
    ]);
    expect(new Set(hosts.map(({ key }) => key)).size).to.equal(4);
  });

  it('keeps what a part of the suite did not have from the runs before it', () => {
    const [host] = runHistory([
      run(1, [resultOf('MSG-01'), resultOf('CNT-01')]),
      run(2, [resultOf('MSG-01')]),
      run(3, [resultOf('CNT-01', failed('no')), resultOf('CNT-02')]),
    ]).hosts;
    const [msg, ...counts] = [...host!.requirements].sort((one, other) => (one.id > other.id ? -1 : 1));
    expect(msg!.results.map((result) => result?.outcome)).to.deep.equal(['passed', 'passed', undefined]);
    expect(msg!.latestRun).to.equal(1);
    expect(counts.map(({ id }) => id)).to.deep.equal(['CNT-02', 'CNT-01']);
    expect(counts[1]!.course).to.include({ failingSince: 2, lastHeld: 0, checked: 2, changes: 1 });
    expect(changesOf(host!, 1)).to.deep.equal([]);
    expect(changesOf(host!, 2).map(({ group, since, after }) => [group, since, after.id])).to.deep.equal([
      ['newlyFailing', 0, 'CNT-01'],
    ]);
  });

  it('counts a run that two files hold once, and says which', () => {
    const one = run(1, [resultOf('CNT-01')]);
    const { hosts, twice } = runHistory([one, { ...one, where: 'copy.json' }]);
    expect(hosts[0]!.runs).to.have.length(1);
    expect(twice).to.deep.equal([{ where: 'copy.json', as: '1.json' }]);
  });

  it('refuses another verb and a run of no time, by the name of the file', () => {
    const other = (change: Partial<Report['run']>) =>
      run(1, [resultOf('CNT-01')], (report) => ({ ...report, run: { ...report.run, ...change } }));
    for (const [part, code, path] of [
      [other({ verb: 'fuzz' }), 'parts-do-not-belong-together', 'run.verb'],
      [other({ startedAt: 'yesterday' }), 'bad-field', 'run.startedAt'],
    ] as const) {
      expect(() => runHistory([run(2, []), part]))
        .to.throw(ReportError)
        .that.includes({ code, path, where: '1.json' });
    }
  });

  it('tells of neighbouring whole runs what compare tells of them, for every outcome and every other', () => {
    for (const before of OUTCOMES) {
      for (const after of OUTCOMES) {
        const parts = [
          run(1, [resultOf('CNT-01', { outcome: before, message: 'one' })]),
          run(2, [resultOf('CNT-01', { outcome: after, message: 'two' })]),
        ];
        const told = changesOf(runHistory(parts).hosts[0]!, 1).map(({ group }) => group);
        const compared = compareReports(parts[0]!.report, parts[1]!.report);
        const groups = (['newlyFailing', 'fixed', 'changedFailure', 'noLongerChecked'] as const).filter(
          (group) => compared[group].length > 0,
        );
        expect(told, `${before}, then ${after}`).to.deep.equal(groups);
      }
    }
  });
});

describe('the course of a requirement', () => {
  const of = (...outcomes: (Outcome | undefined)[]) =>
    courseOf(outcomes.map((outcome) => outcome && resultOf('CNT-01', { outcome })));

  it('breaks once and stays broken: since when, and last held', () => {
    const course = of('passed', 'passed', 'failed', undefined, 'failed');
    expect(course).to.deep.equal({
      checked: 4,
      failed: 2,
      changes: 1,
      flakyRuns: 0,
      failingSince: 2,
      lastHeld: 1,
    });
    expect(isUnsteady(course)).to.equal(false);
  });

  it('is no better for what was not checked since', () => {
    expect(of('passed', 'failed', 'untestable', 'not-run', 'inconclusive', 'excluded')).to.include({
      failingSince: 1,
      checked: 2,
    });
  });

  it('takes what a baseline expects for what the host did', () => {
    expect(of('failed', 'expected-failure')).to.include({ changes: 0, failingSince: 0, failed: 2 });
    expect(of('passed', 'unexpected-pass')).to.include({ changes: 0, failingSince: undefined });
  });

  it('is unsteady where it came back, or came to both in one run', () => {
    expect(isUnsteady(of('passed', 'failed', 'passed'))).to.equal(true);
    expect(isUnsteady(of('failed', 'passed', 'passed'))).to.equal(false);
    expect(isUnsteady(courseOf([resultOf('CNT-01', { outcome: 'failed', flaky: true })]))).to.equal(true);
    expect(isUnsteady(of())).to.equal(false);
  });
});
