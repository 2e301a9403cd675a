import { html, type Html } from '../escape/html';
import { page } from '../html/page';
import type { Level } from '../results/levels';
import { isUnsteady } from '../results/course';
import type { Result } from '../results/model';
import { bySuite, changesOf, type HostHistory, type RunHistory } from '../results/run-history';
import { checkedOf, type Verdict, verdictOf } from '../results/wording';
import { cell, rowHead, runLink, scrolled, signs } from './cells';
import { anchorOf, COMPARE_PAGE, hostInWords, hostPage, labelAndStart, runPage } from './names';
import { MATRIX_STYLE } from './style';

/** What the pages judge by, and who made them. */
export interface SiteOptions {
  /** Levels that decide a verdict; as each run had them where left out. */
  readonly failOn?: readonly Level[];
}

/** By this a folder is known to hold a site of ours, which may be written over. */
export const SITE_MARK = 'kmsspec matrix, written from saved reports';

/** The first page: every host with its verdict, what its last run broke, what is unsteady, and the latest outcome of all. */
export function indexPage({ hosts }: RunHistory, options: SiteOptions): string {
  const verdicts = hosts.map((host) => verdictOf(host.runs.at(-1)!.report, options));
  const good = verdicts.every((verdict) => verdict.good);
  const passing = verdicts.filter((verdict) => verdict.good).length;
  const header = html`<h1>kmsspec matrix</h1>
<p class="verdict ${good ? 'good' : 'bad'}"><strong>${good ? '✓' : '✗'} ${passing} of ${hosts.length} ${hosts.length === 1 ? 'host' : 'hosts'} passed</strong> <span>in the last run${hosts.length === 1 ? '' : ' of each'}</span></p>
<nav aria-label="Sections"><ul><li><a href="#hosts">Hosts</a></li><li><a href="#broke">Changed by the last run</a></li><li><a href="#unsteady">Unsteady</a></li><li><a href="#latest">Requirements</a></li><li><a href="${COMPARE_PAGE}">Compare any two runs</a></li></ul></nav>`;
  return page(
    'kmsspec matrix',
    header,
    html`${hostTable(hosts, verdicts, options)}${lastChanges(hosts)}${unsteady(hosts)}${latest(hosts)}`,
    html`${SITE_MARK}. Times are UTC. Colours only repeat what signs and words say.`,
    { style: MATRIX_STYLE },
  );
}

function hostTable(hosts: readonly HostHistory[], verdicts: readonly Verdict[], options: SiteOptions): Html {
  const rows = hosts.map((host, index) => {
    const last = host.runs.at(-1)!;
    const { checked, all } = checkedOf(last.report.results);
    const { good, word, sentence } = verdicts[index]!;
    return html`<tr><th scope="row"><a href="${hostPage(host)}">${hostInWords(host, hosts)}</a></th><td><span class="badge ${good ? 'passed' : 'failed'}">${good ? '✓' : '✗'} ${word}</span> ${sentence}</td><td>${checked} of ${all}</td><td><a href="${runPage(last)}">${labelAndStart(last)}</a></td><td>${host.runs.length} ${strip(host, options)}</td></tr>`;
  });
  return html`<section aria-labelledby="hosts"><h2 id="hosts">Hosts</h2>${scrolled('Hosts', html`<table><thead><tr><th scope="col">Host</th><th scope="col">Last run</th><th scope="col">Checked</th><th scope="col">When</th><th scope="col">Runs, oldest first</th></tr></thead><tbody>${rows}</tbody></table>`)}</section>`;
}

/** Verdicts of runs that are drawn; of more, the host's own page has all. */
const STRIP = 60;

/** The verdicts of the latest runs as a strip: tall ones passed, short ones did not. */
function strip({ runs }: HostHistory, options: SiteOptions): Html {
  const shown = runs.slice(-STRIP).map(({ report }) => verdictOf(report, options));
  const failed = shown.filter(({ good }) => !good).length;
  return html`<svg class="strip" viewBox="0 0 ${STRIP * 3} 18" role="img" aria-label="${failed} of the last ${shown.length} did not pass">${shown.map(({ good, word }, index) => html`<rect class="${good ? 'good' : word === 'FAILED' ? 'bad' : 'doubt'}" x="${index * 3}" y="${good ? 0 : 8}" width="2" height="${good ? 18 : 10}"/>`)}</svg>`;
}

const GROUP_WORDS = {
  newlyFailing: ['failed', '✗ newly failing'],
  changedFailure: ['failed', '✗ fails in another way'],
  noLongerChecked: ['inconclusive', '? no longer checked'],
  fixed: ['passed', '✓ fixed'],
} as const;

/** What a run changed, as rows of a table; `run` is an index of the host's runs. */
export function changeRows(host: HostHistory, run: number, name?: string): Html[] {
  return changesOf(host, run).map(({ group, before, after, since }) => {
    const [look, words] = GROUP_WORDS[group];
    const said = after.message ?? after.reason ?? (before.message && `before: ${before.message}`);
    return html`<tr>${name === undefined ? undefined : html`<td>${name}</td>`}<th scope="row" class="nowrap"><a href="${runLink(host.runs[run]!, after.id)}">${after.id}</a><span class="lv">${after.level}</span></th><td><span class="badge ${look}">${words}</span><span class="lv">against run ${host.runs[since]!.number}</span></td><td>${after.title}${said === undefined ? undefined : html`<p class="why">${said}</p>`}</td></tr>`;
  });
}

function lastChanges(hosts: readonly HostHistory[]): Html {
  const rows = hosts.flatMap((host) => changeRows(host, host.runs.length - 1, hostInWords(host, hosts)));
  return html`<section aria-labelledby="broke"><h2 id="broke">Changed by the last run</h2>${
    rows.length === 0
      ? html`<p>The last run of each host came to what the run before it did.</p>`
      : scrolled(
          'Changed by the last run',
          html`<table class="stack"><thead><tr><th scope="col">Host</th><th scope="col">Id</th><th scope="col">Change</th><th scope="col">The host …</th></tr></thead><tbody>${rows}</tbody></table>`,
        )
  }</section>`;
}

function unsteady(hosts: readonly HostHistory[]): Html {
  const all = hosts.flatMap((host) =>
    host.requirements.filter(({ course }) => isUnsteady(course)).map((history) => ({ host, ...history })),
  );
  const rows = all
    .sort(
      (one, other) =>
        other.course.changes + other.course.flakyRuns - (one.course.changes + one.course.flakyRuns),
    )
    .map(
      ({ host, id, latest: { title }, course }) =>
        html`<tr><td>${hostInWords(host, hosts)}</td><th scope="row" class="nowrap"><a href="${hostLink(host, id)}">${id}</a></th><td>${course.changes} of ${Math.max(0, course.checked - 1)}</td><td>${course.failed} of ${course.checked}</td><td>${course.flakyRuns}</td><td>${title}</td></tr>`,
    );
  return html`<section aria-labelledby="unsteady"><h2 id="unsteady">Unsteady</h2><p>What changed its verdict more than once, or came to both within one run. A failure of these may be chance.</p>${
    rows.length === 0
      ? html`<p>Nothing.</p>`
      : scrolled(
          'Unsteady',
          html`<table><thead><tr><th scope="col">Host</th><th scope="col">Id</th><th scope="col">Verdict changed</th><th scope="col">Did not hold</th><th scope="col">Flaky runs</th><th scope="col">The host …</th></tr></thead><tbody>${rows}</tbody></table>`,
        )
  }</section>`;
}

const hostLink = (host: HostHistory, id: string): string =>
  `${hostPage(host)}${anchorOf(id) === undefined ? '' : `#${id}`}`;

/** Every requirement beside what each host last came to, whichever of its runs had it. */
function latest(hosts: readonly HostHistory[]): Html {
  const byHost = hosts.map(({ requirements }) => new Map(requirements.map((each) => [each.id, each])));
  const named = new Map<string, Result>();
  for (const { requirements } of hosts) {
    for (const { id, latest: result } of requirements) if (!named.has(id)) named.set(id, result);
  }
  const rows = bySuite([...named.values()], ({ suite }) => suite).map(
    (result) =>
      html`<tr>${rowHead(result, undefined)}${hosts.map((host, index) => {
        const history = byHost[index]!.get(result.id);
        return cell(history?.latest, host.runs[history?.latestRun ?? 0]!);
      })}</tr>
`,
  );
  return html`<section aria-labelledby="latest"><h2 id="latest">Requirements, latest outcome of each host</h2>${signs()}${scrolled('Requirements by host', html`<table class="time"><thead><tr><th scope="col" class="name">Id</th>${hosts.map((host) => html`<th scope="col"><a href="${hostPage(host)}">${hostInWords(host, hosts)}</a></th>`)}</tr></thead><tbody>${rows}</tbody></table>`, 'scroll tall')}</section>`;
}
