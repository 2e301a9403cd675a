import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { expect } from 'chai';
import { compareReports } from '../results/compare';
import { OUTCOMES, type Report } from '../results/model';
import { runHistory } from '../results/run-history';
import { OUTCOME_SIGN } from '../results/wording';
import { ACTING_CHARACTER, HOSTILE_TEXTS, hostileReport } from '../testing/hostile';
import { manyRuns, runOf } from '../testing/sample-history';
import { resultOf, resultsOfEveryOutcome } from '../testing/sample-report';
import { comparedRuns } from './compare-page';
import { CHANGES_SCRIPT, COMPARE_SCRIPT } from './compare-script';
import { hostPage, runPage } from './names';
import { matrixSite, siteSize } from './site';

type Parts = Parameters<typeof runHistory>[0];

const siteOf = (parts: Parts): Map<string, string> =>
  new Map([...matrixSite(runHistory(parts))].map(({ name, text }) => [name, text]));

const PARTS = [
  ...manyRuns(6, 20),
  ...manyRuns(2, 9, '10.0.0.2:1688'),
  runOf(9, resultsOfEveryOutcome(), { profile: 'vista-2008' }),
  runOf(10, []),
];

/** The rows of the table of signs: ids, and a sign for each column. */
function signRows(page: string): [id: string, ...signs: string[]][] {
  const table = /<table class="time[ a-z]*">([\s\S]*?)<\/table>/.exec(page)![1]!;
  return [...table.matchAll(/<tr[^>]*>(<th scope="row"[\s\S]*?)<\/tr>/g)].map(([, row]) => {
    const [, id] = /class="name">(.*?)<span/.exec(row!)!;
    const cells = [...row!.matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, cell]) =>
      cell!.replace(/<[^>]*>/g, ''),
    );
    return [id!, ...cells];
  });
}

/** Names of elements and attributes, of markup whose attributes are all quoted; numbers and text apart. */
const shape = (page: string): string[] =>
  [
    ...page
      .replace(/<(style|script)\b[^>]*>[\s\S]*?<\/\1>/g, '')
      .matchAll(/<([a-zA-Z!/][\w-]*)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*\/?>/g),
  ].map(([, name, attributes]) => `${name} ${attributes!.replace(/="[^"]*"/g, '').trim()}`);

describe('the site of a matrix', () => {
  const site = siteOf(PARTS);
  const { hosts } = runHistory(PARTS);

  it('reads back, on the page of each host, to the outcomes of its runs', () => {
    for (const host of hosts) {
      const expected = host.requirements.map(({ id, results }) => [
        id,
        ...[...results]
          .reverse()
          .map((result) =>
            result === undefined ? '' : `${OUTCOME_SIGN[result.outcome]}${result.flaky === true ? '~' : ''}`,
          ),
      ]);
      expect(signRows(site.get(hostPage(host))!)).to.deep.equal(expected);
    }
  });

  it('reads back, on the first page, to what each host last came to', () => {
    const rows = signRows(site.get('index.html')!);
    const ids = new Set(hosts.flatMap(({ requirements }) => requirements.map(({ id }) => id)));
    expect(new Set(rows.map(([id]) => id))).to.deep.equal(ids);
    for (const [id, ...signs] of rows) {
      const latest = hosts.map(({ requirements }) => requirements.find((each) => each.id === id)?.latest);
      expect(
        signs.map((sign) => sign.replace('~', '')),
        id,
      ).to.deep.equal(latest.map((result) => (result === undefined ? '' : OUTCOME_SIGN[result.outcome])));
    }
  });

  it('says since when something fails, and what comes and goes', () => {
    const host = hosts.find(({ runs }) => runs.length === 7)!;
    const page = site.get(hostPage(host))!;
    const failing = /id="failing"[\s\S]*?<\/section>/.exec(page)![0].replace(/<[^>]*>/g, ' ');
    expect(failing).to.match(/S0-00\s+MUST\s+run 3\s+2026-08-03 08:00\s+run 4\s+2026-08-04 08:00/);
    const unsteady = /id="unsteady"[\s\S]*?<\/section>/.exec(site.get('index.html')!)![0];
    expect(unsteady.replace(/<[^>]*>/g, ' ')).to.match(/S1-01\s+3 of 5\s+2 of 6\s+0 /);
    expect(unsteady).not.to.contain('S0-00');
  });

  it('names runs by their label beside the date, wherever they are named', () => {
    const labelled = manyRuns(3, 5).map((part, index) => ({
      ...part,
      report: { ...part.report, run: { ...part.report.run, label: `host 1.${index}` } },
    }));
    const history = runHistory(labelled);
    const pages = new Map(
      [...matrixSite(history)].map(({ name, text }) => [name, text.replace(/<[^>]*>/g, ' ')]),
    );
    const [host] = history.hosts;
    expect(pages.get('index.html')).to.contain('host 1.2, 2026-08-03 08:00');
    expect(pages.get('compare.html')).to.contain('run 2, host 1.1, 2026-08-02 08:00');
    expect(pages.get(hostPage(host!)))
      .to.match(/S0-00\s+MUST\s+run 2\s+host 1\.1\s+2026-08-02 08:00\s+run 3\s+host 1\.2\s+2026-08-03 08:00/)
      .and.to.contain('Run 3, host 1.2, 2026-08-03 08:00');
    expect(pages.get(runPage(host!.runs[0]!))).to.match(/Label\s+host 1\.0/);
  });

  it('links to what is there and to nothing else, each id once', () => {
    for (const [name, page] of site) {
      if (!name.endsWith('.html')) continue;
      const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
      expect(new Set(ids).size, name).to.equal(ids.length);
      for (const [, href] of page.matchAll(/<a [^>]*?href="([^"]*)"/g)) {
        const [file, anchor = ''] = href!.split('#') as [string, string?];
        const target = site.get(file === '' ? name : file);
        expect(target, `${name}: ${href}`).to.be.a('string');
        const keys = file === 'compare.html' ? anchor.split(',').filter((key) => key !== '') : [];
        for (const key of keys) expect(target).to.contain(`value="${key}"`);
        if (anchor !== '' && keys.length === 0) expect(target, href).to.contain(` id="${anchor}"`);
      }
    }
  });

  it('allows on each page its own style and script by hash, and loads nothing', () => {
    for (const name of ['index.html', 'compare.html', hostPage(hosts[0]!)]) {
      const page = site.get(name)!;
      const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!.replaceAll('&#39;', "'");
      for (const tag of ['style', 'script']) {
        const text = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page)![1]!;
        const hash = createHash('sha256').update(text).digest('base64');
        expect(policy, name).to.contain(`${tag}-src 'sha256-${hash}'`);
      }
      expect(page).not.to.match(/<(link|img|iframe|object|embed|base)\b|\s(src|srcset|style|on\w+)=/i);
      expect(page).not.to.match(/https?:|url\(|@import/i);
    }
    expect(() => new Script(COMPARE_SCRIPT)).not.to.throw();
    expect(COMPARE_SCRIPT).not.to.match(/innerHTML|outerHTML|insertAdjacent|document\.write|eval|fetch/);
  });

  it('compares any two runs in the browser as compare does', () => {
    const pairs = OUTCOMES.flatMap((outcome, i) => [
      resultOf(`P-${i}0`, { outcome, message: 'count 3 of 5' }),
      resultOf(`P-${i}1`, { outcome, message: `count ${i}` }),
      resultOf(`P-${i}2`, { outcome: OUTCOMES[(i + 1) % OUTCOMES.length]!, reason: `because ${i}` }),
    ]);
    const parts = [
      ...OUTCOMES.map((_, turn) =>
        runOf(
          20 + turn,
          pairs.map((result, i) => ({ ...result, id: pairs[(i + 3 * turn) % pairs.length]!.id })),
        ),
      ),
      runOf(40, pairs.slice(0, 5)),
      ...PARTS.slice(-2),
    ];
    const history = runHistory(parts);
    const data = JSON.parse(JSON.stringify(comparedRuns(history))) as ReturnType<typeof comparedRuns>;
    const runs = history.hosts.flatMap((host) => host.runs);
    const changesBetween = new Script(`${CHANGES_SCRIPT} changesBetween`).runInNewContext() as (
      ...of: unknown[]
    ) => { index: number; group: keyof ReturnType<typeof compareReports> }[];
    for (const older of runs) {
      for (const newer of runs) {
        const told = changesBetween(data, data.runs[older.key], data.runs[newer.key]);
        const comparison = compareReports(older.report, newer.report);
        const expected = (
          ['newlyFailing', 'fixed', 'changedFailure', 'noLongerChecked', 'added', 'gone'] as const
        ).flatMap((group) => comparison[group].map(({ id }) => `${group} ${id}`));
        const found = told.map(({ index, group }) => `${group} ${data.requirements[index]!.id}`);
        expect(found.sort(), `${older.where}, ${newer.where}`).to.deep.equal(expected.sort());
      }
    }
  });

  it('begins with the last two runs of the host that was run last, of those that were run twice', () => {
    const page = site.get('compare.html')!;
    const chosen = [...page.matchAll(/<option value="(\w+)" selected>([^<]*)</g)].map(([, , words]) => words);
    expect(chosen).to.deep.equal([
      '127.0.0.1:1688, profile win7-2008r2: run 6, 2026-08-06 08:00, reports/5.json',
      '127.0.0.1:1688, profile win7-2008r2: run 7, 2026-08-11 08:00, reports/10.json',
    ]);
    const single = siteOf([runOf(1, [resultOf('CNT-01')])]).get('compare.html')!;
    expect([...single.matchAll(/ selected>/g)]).to.have.length(2);
  });

  const hostile = (text: string): Parts => {
    const report: Report = hostileReport(text);
    const earlier = { ...report, results: report.results.map((result) => ({ ...result, flaky: true })) };
    return [
      { where: text, report: { ...report, run: { ...report.run, verb: 'run' } } },
      {
        where: text,
        report: { ...earlier, run: { ...report.run, verb: 'run', startedAt: '2026-01-01T00:00:00Z' } },
      },
    ];
  };
  const pages = (text: string): [string, string][] =>
    [...matrixSite(runHistory(hostile(text)))]
      .map(({ name, text: page }): [string, string] => [name.replace(/-[0-9a-f]{12}/, ''), page])
      .filter(([name]) => name.endsWith('.html') && name !== 'run.html');
  const harmless = pages('harmless').map(([name, page]) => [name, shape(page)]);
  for (const [index, text] of HOSTILE_TEXTS.entries()) {
    it(`has the same elements and attributes with hostile text ${index}`, () => {
      const found = pages(text);
      expect(found.map(([name, page]) => [name, shape(page)])).to.deep.equal(harmless);
      for (const [, page] of found) expect(page).not.to.match(ACTING_CHARACTER);
    });
  }

  it('stays small enough to open at once: 100 runs of 130 requirements', () => {
    const parts = manyRuns(100, 130);
    const large = siteOf(parts);
    for (const [name, page] of large) {
      if (name.startsWith('run-')) continue;
      expect(page.length, name).to.be.below(600_000);
      expect(shape(page).length, `${name}: elements`).to.be.below(20_000);
    }
    expect(large.size)
      .to.equal(100 + 6)
      .and.to.equal(siteSize(runHistory(parts)));
  });

  it('has every run on a page of its host, no more than 50 on one, and the same ones as runs are added', () => {
    const host = (runs: number) => {
      const pages = [...siteOf(manyRuns(runs, 2))].filter(([name]) => name.startsWith('host-'));
      return pages.map(([name, page]): [string, number[]] => [
        name.replace(/^host-[0-9a-f]{12}/, ''),
        [...page.matchAll(/<th scope="col" class="run">.*?>(\d+)<\/a>/g)].map(([, number]) => Number(number)),
      ]);
    };
    const from = (newest: number, oldest: number): number[] =>
      Array.from({ length: newest - oldest + 1 }, (_, index) => newest - index);
    expect(host(50)).to.deep.equal([['.html', from(50, 1)]]);
    expect(host(51)).to.deep.equal([
      ['-1-50.html', from(50, 1)],
      ['.html', from(51, 2)],
    ]);
    expect(host(120)).to.deep.equal([
      ['-51-100.html', from(100, 51)],
      ['-1-50.html', from(50, 1)],
      ['.html', from(120, 71)],
    ]);
  });
});
