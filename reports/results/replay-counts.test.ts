import { expect } from 'chai';
import { sectionLines } from '../console/sections';
import { githubAnnotations } from '../formats/github';
import { writeJUnit } from '../formats/junit';
import { writeHtml } from '../html/report';
import { writeMarkdown } from '../markdown/markdown';
import { fullReport } from '../testing/full-report';
import { reportOf } from '../testing/sample-report';
import { compareReports } from './compare';
import { exitCode } from './exit-code';
import { mergeSections } from './merge-sections';
import { parseReport, type Replay, type Report } from './model';
import { replayCounts, unlistedWords } from './replay-counts';

describe('exchanges that a report does not list', () => {
  const listed = fullReport().replay!;
  const reason = { path: 'kms.response.ePid', reason: 'each host has its own' };
  const unlisted = {
    agrees: 95_000,
    differs: 7,
    'not-comparable': 3,
    mayDiffer: [{ ...reason, times: 94_000 }],
  };
  const long: Replay = { ...listed, unlisted };
  const report = (replay: Replay, more: Partial<Report> = {}): Report => reportOf([], { replay, ...more });

  it('are counted with those that are', () => {
    const few = replayCounts(listed);
    expect(few).to.include({ sent: listed.exchanges.length, unlisted: 0 });
    expect(replayCounts(long)).to.deep.equal({
      agrees: few.agrees + 95_000,
      differs: few.differs + 7,
      'not-comparable': few['not-comparable'] + 3,
      sent: few.sent + 95_010,
      unlisted: 95_010,
    });
    expect(unlistedWords(long)).to.equal('95000 agree, 7 differ, 3 cannot be compared');
    expect(unlistedWords(listed)).to.equal('');
  });

  it('are told by number in every form', () => {
    const told = /95010.*95000 agree, 7 differ, 3 cannot be compared/;
    const forms: Record<string, string> = {
      console: sectionLines(report(long), (_, text) => text).join('\n'),
      html: writeHtml(report(long)),
      markdown: writeMarkdown(report(long)),
    };
    for (const [name, text] of Object.entries(forms)) expect(text, name).to.match(told);
    expect(forms['console']).to.contain('may differ (94001 times)  kms.response.ePid: each host has its own');
    expect(githubAnnotations(report(long))).to.contain('7 more differ, and are not listed');
    expect(writeJUnit(report(long))).to.match(/exchanges that differ and are not listed: 7"[^]*<failure/);
    expect(parseReport(JSON.stringify(report(long))).replay).to.deep.equal(long);
  });

  it('fail a run where they differ', () => {
    const none = { ...listed, exchanges: [] };
    expect(exitCode(report({ ...none, unlisted }))).to.equal(1);
    expect(exitCode(report({ ...none, unlisted: { ...unlisted, differs: 0 } }))).to.equal(4);
  });

  it('are added up in a merge', () => {
    const [first, second] = [
      { ...long, exchanges: listed.exchanges.slice(0, 1) },
      { ...long, exchanges: listed.exchanges.slice(1) },
    ];
    const parts = [first, second].map((replay, i) => ({ report: report(replay), where: `part-${i}.json` }));
    const { replay } = mergeSections(parts);
    expect(replay!.unlisted).to.deep.equal({
      ...{ agrees: 190_000, differs: 14, 'not-comparable': 6 },
      mayDiffer: [{ ...reason, times: 188_000 }],
    });
  });

  it('do not differ where those that do are listed: one that did is fixed, one that does is new', () => {
    const differing = listed.exchanges.find(({ verdict }) => verdict === 'differs')!;
    const good = report({
      ...listed,
      exchanges: listed.exchanges.filter((each) => each !== differing),
      unlisted: { ...unlisted, differs: 0 },
    });
    const bad = report({ ...listed, unlisted: { ...unlisted, differs: 0 } });
    const id = `exchange ${differing.index}`;
    expect(compareReports(bad, good).fixed.map((change) => change.id)).to.deep.equal([id]);
    expect(compareReports(good, bad).newlyFailing.map((change) => change.id)).to.deep.equal([id]);
    const cut = { ...good, run: { ...good.run, ended: 'interrupted' as const } };
    expect(compareReports(bad, cut).gone.map((change) => change.id)).to.deep.equal([id]);
  });
});
