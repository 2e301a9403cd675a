import { expect } from 'chai';
import { writeConsole } from '../console/report';
import { trajectoryTable } from '../console/sections';
import { writeHtml } from '../html/report';
import { writeJUnit } from '../formats/junit';
import { writeMarkdown } from '../markdown/markdown';
import { parseReport, type Report } from '../results/model';
import { reportOf, resultOf } from './sample-report';
import { sparseFinding, sparseReport, uncounted } from './sparse-report';

/** What a reader sees of a page: its text, without the drawings. */
const textOf = (page: string): string =>
  page
    .replace(/<(style|script|svg)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ');

const texts = (report: Report): Record<'console' | 'markdown' | 'html', string> => ({
  console: writeConsole(report, { color: false }),
  markdown: writeMarkdown(report),
  html: textOf(writeHtml(report)),
});

describe('a report that says no more than it must', () => {
  it('is one by the schema', () => {
    expect(parseReport(JSON.stringify(sparseReport()))).to.deep.equal(sparseReport());
  });

  it('is told to be a shard of a run against the embedded host, of some minutes', () => {
    const { console: lines, markdown, html } = texts(sparseReport());
    for (const text of [lines, markdown]) {
      expect(text).to.contain('embedded lab host 127.0.0.1:1688, profile win7-2008r2, seed 42, shard 2/3');
    }
    expect(html).to.contain('Targetembedded lab host 127.0.0.1:1688').and.to.contain('Seed42, shard 2/3');
    expect(html).to.contain('Controlsnone');
    for (const text of [lines, markdown, html]) expect(text).to.contain('3 min 5 s');
    expect(writeJUnit(sparseReport())).to.contain('<property name="shard" value="2/3"/>');
  });

  it('has a word for each value that is absent, and none that says undefined or null', () => {
    const { console: lines, markdown, html } = texts(sparseReport());
    for (const text of [lines, markdown, html, writeJUnit(sparseReport())]) {
      expect(text).not.to.match(/undefined|null|NaN/);
    }
    expect(lines).to.contain('Counts: 9 requests, the last count none (expected unknown)');
    expect(html).to.contain('9 requests, 2 of them shown. Every answer has the expected count.');
    expect(lines).to.contain('kms.response.ePid: recorded nothing, answered 05426-… (one is absent)');
    expect(html).to.contain('kms.response.count: recorded 5, answered nothing (one is absent)');
    expect(markdown).to.contain('| 0 | `kms.response.ePid` | `nothing` | `05426-…` |');
    expect(markdown).to.contain('| 0 | `kms.response.count` | `5` | `nothing` |');
    expect(writeJUnit(sparseReport())).to.contain('kms.response.count: recorded 5, answered nothing');
  });

  it('leaves out what was not asked for or did not happen', () => {
    const { console: lines, markdown, html } = texts(sparseReport());
    expect(lines).to.match(/Load: 30000 requests, 999\.6 a second\n/);
    expect(html).to.contain('a second, as fast as possible.');
    for (const text of [lines, markdown, html]) expect(text).not.to.match(/budget|broken|timed out/);
    expect(lines).to.match(/from the actual start +\S+ .s +- +- +-/);
    expect(html).to.contain('3 cases, 1 a second, resumed. 0 of 0 pairs');
  });

  it('tells that no machine of a fleet was activated', () => {
    const { console: lines, markdown, html } = texts(sparseReport());
    expect(lines).to.contain('0 activated, 2 never; the first after never, the last after never');
    expect(markdown).to.contain('0 activated (the first after never, the last after never), 2 never');
    expect(html).to.contain('The first was activated after never').and.not.to.contain('First asked');
  });

  it('does not call a host that was not asked right or wrong', () => {
    expect(texts(sparseReport()).console).to.contain('Domain one.example: 1 published host\n  ✓ not-probed');
    expect(writeHtml(sparseReport())).to.contain('<span class="badge untestable">not-probed</span>');
  });

  for (const [state, sign, badge] of [
    ['fixed', '✓', 'passed'],
    ['new', '✗', 'failed'],
  ] as const) {
    it(`shows a ${state} finding of one request as ${badge}`, () => {
      const report = reportOf([], { findings: [sparseFinding(state)] });
      const { console: lines, markdown } = texts(report);
      expect(lines).to.contain(`${sign} alive-1 ${state} (alive, 1 request): dies of a request`);
      expect(markdown).to.contain(`### ${sign} Finding \`alive-1\``);
      const page = writeHtml(report);
      expect(page)
        .to.contain(`<span class="badge ${badge}">${state}</span>`)
        .and.to.contain('<span>1 request</span>');
      expect(page).not.to.contain('<dt>Expected</dt>');
      expect(/<testcase name="alive-1[^>]*\/>/.test(writeJUnit(report))).to.equal(state === 'fixed');
    });
  }

  it('shows the side of a difference that there is', () => {
    const of = (sides: { expected?: string; received?: string }): string =>
      textOf(
        writeHtml(
          reportOf([resultOf('CNT-01', { outcome: 'failed', message: 'no', ...sides })], {
            findings: [{ ...sparseFinding('new'), ...sides }],
          }),
        ),
      );
    expect(of({ expected: 'count 4' }).match(/Expectedcount 4Received–/g)).to.have.length(2);
    expect(of({ received: 'count 1' }).match(/Expected–Receivedcount 1/g)).to.have.length(2);
  });

  it('of one suite that holds has a good verdict and no line for all suites', () => {
    const report = reportOf([resultOf('CNT-01'), resultOf('CNT-02')]);
    const { console: lines, markdown, html } = texts(report);
    expect(lines).to.match(/^PASSED {2}2 of 2 requirements\.$/m);
    expect(lines).not.to.match(/^ *all /m);
    expect(markdown)
      .to.match(/^## ✅ kmsspec: passed$/m)
      .and.not.to.contain('**all**');
    expect(html).to.contain('✓ PASSED').and.not.to.contain('Failures');
  });

  it('gives a result without a reason the words that are left', () => {
    const report = reportOf([
      resultOf('CNT-01', { outcome: 'inconclusive' }),
      resultOf('CNT-02', { outcome: 'not-run', message: 'cut short' }),
    ]);
    const { console: lines, markdown } = texts(report);
    expect(lines).to.contain('inconclusive: no reason given').and.to.contain('not run: cut short');
    expect(markdown).to.contain('- inconclusive: `no reason given` (CNT');
    expect(writeJUnit(report)).to.contain('<skipped message="inconclusive" type="inconclusive">');
  });

  it('of a host that died without a result is told as that', () => {
    const { run, ...rest } = reportOf([]);
    const report: Report = {
      ...rest,
      run: { ...run, ended: 'target-died', endedMessage: 'it refused the connection', verb: 'fuzz' },
    };
    expect(writeConsole(report, { color: false })).to.contain(
      'FAILED  the target died (it refused the connection)',
    );
  });
});

describe('a table of counts', () => {
  const trajectory = (points: number, firstDifference?: number) => ({
    requests: points,
    thresholds: [5],
    capacity: 10,
    points: Array.from({ length: points }, (_, index) =>
      uncounted(index, { answered: index === firstDifference ? 4 : 3, expected: 3 }),
    ),
    ...(firstDifference === undefined
      ? {}
      : { firstDifference: { index: firstDifference, message: 'parted' } }),
  });
  const requests = (text: string): string[] => [...text.matchAll(/^ *(\d+) {2}client/gm)].map(([, n]) => n!);

  it('begins at the first request where nothing differs, and says what it leaves out', () => {
    const table = trajectoryTable(trajectory(30), 10);
    expect(requests(table)).to.deep.equal(Array.from({ length: 10 }, (_, index) => String(index + 1)));
    expect(table)
      .to.match(/\(20 more not shown\)$/)
      .and.not.to.contain('✗');
  });

  it('has the first difference in its middle', () => {
    const table = trajectoryTable(trajectory(30, 20), 10);
    expect(requests(table)).to.include.members(['16', '21', '25']).and.to.have.length(10);
    expect(table.split('\n').filter((line) => line.includes('✗'))).to.have.length(1);
  });

  it('is whole where it fits, with a dash for a count that is unknown', () => {
    const table = trajectoryTable({ requests: 1, thresholds: [], capacity: null, points: [uncounted(0)] });
    expect(table)
      .to.match(/client 0 +- +- +-/)
      .and.not.to.contain('not shown');
  });
});
