import { html, type Html } from '../escape/html';
import { page } from '../html/page';
import { type HostHistory, type RequirementHistory, type SavedRun, suitesOf } from '../results/run-history';
import { verdictOf } from '../results/wording';
import { cell, rowHead, scrolled, signs } from './cells';
import { changeRows, type SiteOptions } from './index-page';
import {
  anchorOf,
  comparePage,
  hostInWords,
  hostPage,
  INDEX_PAGE,
  labelAndStart,
  olderPage,
  runPage,
  startOf,
  type Stretch,
} from './names';
import { newestStretch, olderStretches } from './stretches';
import { MATRIX_STYLE } from './style';

const FOOTER = (host: HostHistory): Html =>
  html`Profile ${host.profile}. Times are UTC. Colours only repeat what signs and words say.`;

/** One host over time: requirements by its newest runs, the newest first, what fails since when, and what each run changed. */
export function hostHistoryPage(
  host: HostHistory,
  hosts: readonly HostHistory[],
  options: SiteOptions,
): string {
  const last = host.runs.at(-1)!;
  const { good, word, sentence } = verdictOf(last.report, options);
  const name = hostInWords(host, hosts);
  const header = html`<h1>${name}</h1>
<p class="verdict ${good ? 'good' : 'bad'}"><strong>${good ? '✓' : '✗'} ${word}</strong> <span>${sentence} Run ${last.number}, ${labelAndStart(last)}</span></p>
<nav aria-label="Sections"><ul><li><a href="${INDEX_PAGE}">All hosts</a></li><li><a href="#failing">Failing, since when</a></li><li><a href="#over-time">Requirements over time</a></li><li><a href="#changes">What changed, run by run</a></li><li><a href="#runs">Runs</a></li></ul></nav>`;
  return page(
    `kmsspec matrix: ${name}`,
    header,
    html`${failing(host)}${stretchOf(host, newestStretch(host.runs.length), options)}`,
    FOOTER(host),
    { style: MATRIX_STYLE },
  );
}

/** Runs of a host that its first page does not show. */
export function olderRunsPage(
  host: HostHistory,
  hosts: readonly HostHistory[],
  stretch: Stretch,
  options: SiteOptions,
): string {
  const name = `${hostInWords(host, hosts)}, ${inWords(stretch)}`;
  const header = html`<h1>${name}</h1><nav aria-label="Sections"><ul><li><a href="${INDEX_PAGE}">All hosts</a></li><li><a href="${hostPage(host)}">The newest runs</a></li><li><a href="#over-time">Requirements over time</a></li><li><a href="#changes">What changed, run by run</a></li><li><a href="#runs">Runs</a></li></ul></nav>`;
  return page(`kmsspec matrix: ${name}`, header, stretchOf(host, stretch, options), FOOTER(host), {
    style: MATRIX_STYLE,
  });
}

const inWords = ({ first, last }: Stretch): string => `runs ${first} to ${last}`;

const stretchOf = (host: HostHistory, stretch: Stretch, options: SiteOptions): Html =>
  html`${overTime(host, stretch)}${changes(host, stretch)}${runs(host, stretch, options)}`;

const within = ({ runs: all }: HostHistory, { first, last }: Stretch): SavedRun[] =>
  all.slice(first - 1, last);

/** Where the other runs of the host are; nothing where there are none. */
function otherRuns(host: HostHistory, shown: Stretch): Html | undefined {
  const newest = newestStretch(host.runs.length);
  const links = [
    { stretch: newest, href: hostPage(host) },
    ...olderStretches(host.runs.length).map((stretch) => ({ stretch, href: olderPage(host, stretch) })),
  ];
  if (links.length === 1) return undefined;
  const items = links.map(({ stretch, href }) =>
    stretch.first === shown.first && stretch.last === shown.last
      ? html`<li>${inWords(stretch)}, here</li>`
      : html`<li><a href="${href}#over-time">${inWords(stretch)}</a></li>`,
  );
  return html`<nav aria-label="Other runs"><ul class="jump">${items}</ul></nav>`;
}

function failing(host: HostHistory): Html {
  const rows = host.requirements
    .filter(({ course }) => course.failingSince !== undefined)
    .map((history) => failingRow(host, history));
  return html`<section aria-labelledby="failing"><h2 id="failing">Failing, since when</h2>${
    rows.length === 0
      ? html`<p>Nothing that was checked failed when it was last checked.</p>`
      : scrolled(
          'Failing, since when',
          html`<table class="stack"><thead><tr><th scope="col">Id</th><th scope="col">Last passed</th><th scope="col">Fails since</th><th scope="col">The host …</th></tr></thead><tbody>${rows}</tbody></table>`,
        )
  }</section>`;
}

function failingRow({ runs: all }: HostHistory, { id, latest, results, course }: RequirementHistory): Html {
  const since = all[course.failingSince!]!;
  const first = results[course.failingSince!]!;
  const before = course.lastHeld === undefined ? undefined : all[course.lastHeld];
  const link = anchorOf(id) === undefined ? runPage(since) : `${runPage(since)}#${id}`;
  return html`<tr><th scope="row" class="nowrap"><a href="${link}">${id}</a><span class="lv">${latest.level}</span></th><td data-head="Last passed:">${before === undefined ? 'never' : runName(before)}</td><td data-head="Fails since:">${runName(since)}${before === undefined ? undefined : html`<span class="lv"><a href="${comparePage(before, since)}">compare</a></span>`}</td><td>${latest.title}${first.message === undefined ? undefined : html`<p class="why">${first.message}</p>`}</td></tr>`;
}

/** What a run was of, in a line of its own. */
function labelOf({ report }: SavedRun): Html | undefined {
  const { label } = report.run;
  return label === undefined ? undefined : html`<span class="lv">${label}</span>`;
}

const runName = (run: SavedRun): Html =>
  html`<a href="${runPage(run)}">run ${run.number}</a>${labelOf(run)}<span class="lv nowrap">${startOf(run)}</span>`;

function overTime(host: HostHistory, stretch: Stretch): Html {
  const newest = within(host, stretch).reverse();
  const heads = newest.map(
    (run) =>
      html`<th scope="col" class="run"><a href="${runPage(run)}" title="${labelAndStart(run)}, ${run.where}">${run.number}</a></th>`,
  );
  const row = ({ id, latest, results }: RequirementHistory): Html => {
    const anchor = anchorOf(id);
    return html`<tr${anchor === undefined ? undefined : html` id="${anchor}"`}>${rowHead(latest, undefined)}${newest.map((run) => cell(results[run.number - 1], run))}</tr>
`;
  };
  const suites = suitesOf(host.requirements, ({ latest }) => latest.suite);
  const bodies = suites.map((suite) => html`<tbody>${suite.map(row)}</tbody>`);
  return html`<section aria-labelledby="over-time"><h2 id="over-time">Requirements over time, newest run first</h2>${otherRuns(host, stretch)}${signs()}${scrolled('Requirements over time', html`<table class="time runs"><thead><tr><th scope="col" class="name">Id</th>${heads}</tr></thead>${bodies}</table>`, 'scroll tall')}</section>`;
}

function changes(host: HostHistory, stretch: Stretch): Html {
  const parts = within(host, stretch).flatMap((run) => {
    const rows = changeRows(host, run.number - 1);
    if (rows.length === 0) return [];
    return [
      html`<h3>Run ${run.number}, ${labelAndStart(run)}, ${run.where}</h3>${scrolled(`Changes of run ${run.number}`, html`<table class="stack"><thead><tr><th scope="col">Id</th><th scope="col">Change</th><th scope="col">The host …</th></tr></thead><tbody>${rows}</tbody></table>`)}`,
    ];
  });
  return html`<section aria-labelledby="changes"><h2 id="changes">What changed, run by run</h2><p>Each against the last run before it that had the requirement; the newest first.</p>${parts.length === 0 ? html`<p>Nothing.</p>` : parts.reverse()}</section>`;
}

function runs(host: HostHistory, stretch: Stretch, options: SiteOptions): Html {
  const rows = within(host, stretch)
    .reverse()
    .map((run) => {
      const { report, where } = run;
      const { good, word, sentence } = verdictOf(report, options);
      const before = host.runs[run.number - 2];
      const { shard, seed, command } = report.run;
      return html`<tr><th scope="row"><a href="${runPage(run)}">${run.number}</a>${labelOf(run)}</th><td class="nowrap">${startOf(run)}</td><td><span class="badge ${good ? 'passed' : 'failed'}">${good ? '✓' : '✗'} ${word}</span> ${sentence}${before === undefined ? undefined : html` <a href="${comparePage(before, run)}">compare with run ${before.number}</a>`}</td><td>${where}</td><td>${report.tool.version}</td><td>${seed}${shard === null ? undefined : `, shard ${shard.index}/${shard.of}`}</td><td><code>${command}</code></td></tr>`;
    });
  return html`<section aria-labelledby="runs"><h2 id="runs">Runs</h2>${scrolled('Runs', html`<table><thead><tr><th scope="col">Run</th><th scope="col">When</th><th scope="col">Verdict</th><th scope="col">File</th><th scope="col">kmsspec</th><th scope="col">Seed</th><th scope="col">Command</th></tr></thead><tbody>${rows}</tbody></table>`)}</section>`;
}
