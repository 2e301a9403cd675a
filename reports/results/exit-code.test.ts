import { expect } from 'chai';
import { exitCode } from './exit-code';
import type { Outcome, Report } from './model';
import { fullReport } from '../testing/full-report';
import { reportOf, resultOf } from '../testing/sample-report';
import { verdictOf } from './wording';

const withOutcomes = (...outcomes: Outcome[]): Report =>
  reportOf(outcomes.map((outcome, index) => resultOf(`CNT-${index}`, { outcome })));

const ended = (report: Report, how: NonNullable<Report['run']['ended']>, verb = 'run'): Report => ({
  ...report,
  run: { ...report.run, ended: how, verb },
});

const diedIn = (report: Report): Report => ({ ...report, run: { ...report.run, diedIn: ['ROB-01'] } });

const finding = fullReport().findings![0]!;

describe('exit codes', () => {
  const table: [string, Report, number][] = [
    ['all hold', withOutcomes('passed', 'passed'), 0],
    ['as the baseline says', withOutcomes('expected-failure'), 0],
    [
      'what could not be checked beside what holds',
      withOutcomes('passed', 'untestable', 'inconclusive', 'excluded'),
      0,
    ],
    ['a failed MUST', withOutcomes('passed', 'failed'), 1],
    ['an unexpected pass', withOutcomes('passed', 'unexpected-pass'), 1],
    ['a failed SHOULD', reportOf([resultOf('CNT-1', { outcome: 'failed', level: 'SHOULD' })]), 0],
    ['a failed DESIGN', reportOf([resultOf('CNT-1', { outcome: 'failed', level: 'DESIGN' })]), 1],
    ['a failed OBSERVED', reportOf([resultOf('CNT-1', { outcome: 'failed', level: 'OBSERVED' })]), 0],
    ['a finding', reportOf([], { findings: [finding] }), 1],
    ['a finding that is flaky', reportOf([], { findings: [{ ...finding, state: 'flaky' }] }), 1],
    ['a finding that is fixed', reportOf([], { findings: [{ ...finding, state: 'fixed' }] }), 0],
    ['fuzzing without a finding', reportOf([], { coverage: fullReport().coverage! }), 0],
    ['a replay that agrees', replay('passed', 'agrees', 'not-comparable'), 0],
    ['a replay that differs', replay('failed', 'agrees', 'differs'), 1],
    ['a replay that differs, by its exchanges alone', replay('inconclusive', 'agrees', 'differs'), 1],
    ['a replay with nothing to compare', replay('inconclusive', 'not-comparable'), 4],
    ['a replay with counts that nobody can judge', replay('inconclusive', 'agrees', 'not-comparable'), 4],
    ['a capture without KMS', replay('inconclusive'), 4],
    ['a broken budget', reportOf([], { latency: fullReport().latency! }), 1],
    ['no requirement selected', withOutcomes(), 4],
    ['nothing conclusive', withOutcomes('untestable', 'inconclusive', 'excluded', 'not-run'), 4],
    ['a host that died after a failure', ended(withOutcomes('failed', 'not-run'), 'target-died'), 3],
    ['a host that died of a scenario', diedIn(ended(withOutcomes('failed', 'not-run'), 'target-died')), 1],
    ['a host that died of a scenario and was restarted', diedIn(withOutcomes('passed')), 1],
    ['a required one that holds', reportOf([resultOf('A-1', { outcome: 'passed', required: true })]), 0],
    ...(['failed', 'inconclusive', 'untestable', 'excluded', 'not-run', 'expected-failure'] as const).map(
      (outcome): [string, Report, number] => [
        `a required SHOULD that is ${outcome}`,
        reportOf([resultOf('A-1', { outcome, level: 'SHOULD', required: true })]),
        1,
      ],
    ),
    ['a host that was never reached', ended(withOutcomes('not-run'), 'target-unreachable'), 3],
    ['a host that died of fuzzing', ended(reportOf([], { findings: [finding] }), 'target-died', 'fuzz'), 1],
    ['a host that fuzzing never reached', ended(reportOf([]), 'target-unreachable', 'fuzz'), 3],
    ['an interruption', ended(withOutcomes('failed'), 'interrupted'), 130],
    ['a termination', ended(withOutcomes('passed'), 'terminated'), 143],
  ];
  for (const [what, report, code] of table) {
    it(`${code}: ${what}`, () => {
      expect(exitCode(report)).to.equal(code);
    });
  }

  it('looks at the levels that the caller, else the report names', () => {
    const report = reportOf([resultOf('CNT-1', { outcome: 'failed', level: 'SHOULD' })]);
    expect(exitCode(report, { failOn: ['SHOULD'] })).to.equal(1);
    const saved = { ...report, run: { ...report.run, failOn: ['SHOULD' as const] } };
    expect(exitCode(saved)).to.equal(1);
    expect(exitCode(saved, { failOn: ['MUST'] })).to.equal(0);
  });

  it('agrees with the verdict in words', () => {
    for (const [, report, code] of table) expect(verdictOf(report).good).to.equal(code === 0);
  });
});

function replay(outcome: Outcome, ...verdicts: ('agrees' | 'differs' | 'not-comparable')[]): Report {
  const exchanges = verdicts.map((verdict, index) => ({
    index,
    sent: 'client',
    verdict,
    equal: [],
    mayDiffer: [],
    mustNotDiffer: [],
  }));
  return reportOf([resultOf('REPLAY', { outcome })], { replay: { capture: 'a.pcap', exchanges } });
}
