import { html, type Html } from '../escape/html';
import type { ExitOptions } from '../results/exit-code';
import { causesOf } from '../results/causes';
import { OUTCOMES } from '../results/levels';
import type { Report, Result } from '../results/model';
import {
  checkedOf,
  decidingLevels,
  failuresOf,
  formatDuration,
  OUTCOME_SIGN,
  OUTCOME_WORDS,
  targetInWords,
  verdictOf,
} from '../results/wording';
import { highlights } from './highlights';
import { anchorsOf, matrix, matrixTitle } from './matrix';
import { page } from './page';
import { failureCard, failureLinks, findingCard } from './result';
import { sections } from './sections';

/** Failures beyond this have their row in the matrix only, with the exchange as plain text, so that pages of thousands open at once. */
const MOST_CARDS = 50;

/** The report as one HTML file: nothing is loaded, everything that came from a host is text. */
export function writeHtml(report: Report, options: ExitOptions = {}): string {
  const failOn = decidingLevels(report, options);
  const causes = causesOf(failuresOf(report, failOn)).slice(0, MOST_CARDS);
  const cards = new Map<Result, number>(
    causes.flatMap(({ first, others }, index) => [first, ...others].map((each) => [each, index] as const)),
  );
  const anchors = anchorsOf(report.results);
  const inCards = new Set(causes.map(({ first }) => first));
  const ofRows = new Map([...anchors].filter(([result]) => !inCards.has(result)));
  const others = sections(report);
  const findings = report.findings ?? [];
  const parts: { id: string; title: string; body: Html }[] = [
    ...(causes.length === 0
      ? []
      : [
          {
            id: 'failures',
            title: 'Failures',
            body: html`${failureLinks(causes)}${causes.map((cause, index) => failureCard(cause, index, failOn, anchors.get(cause.first)))}`,
          },
        ]),
    ...(findings.length === 0
      ? []
      : [
          {
            id: 'findings',
            title: 'Findings',
            body: html`${findings.slice(0, MOST_CARDS).map(findingCard)}`,
          },
        ]),
    ...others,
  ];
  const hasMatrix = report.results.length > 0;
  const main = html`${parts.map(({ id, title, body }) => html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${body}</section>`)}${hasMatrix ? matrix(report, cards, ofRows) : undefined}`;
  const links = [...parts, ...(hasMatrix ? [{ id: 'matrix', title: matrixTitle(report) }] : [])];
  return page(
    `kmsspec: ${verdictOf(report, options).word.toLowerCase()}, ${report.target.address}`,
    header(report, options, links),
    main,
    html`${report.tool.name} ${report.tool.version}, ${report.schema}. Colours only repeat what signs and words say.`,
  );
}

function header(report: Report, options: ExitOptions, links: readonly { id: string; title: string }[]): Html {
  const { run, target } = report;
  const verdict = verdictOf(report, options);
  const facts: [string, string][] = [
    ['Target', targetInWords(target)],
    ...(run.label === undefined ? [] : [['Label', run.label] as [string, string]]),
    ['Profile', target.profile],
    ['Controls', target.controls.length === 0 ? 'none' : target.controls.join(', ')],
    ['Started', run.startedAt.replace('T', ' ').replace(/\.0+Z$/, 'Z')],
    ['Took', formatDuration(run.durationMs)],
    ['Seed', `${run.seed}${run.shard === null ? '' : `, shard ${run.shard.index}/${run.shard.of}`}`],
    ['Fails on', decidingLevels(report, options).join(', ')],
    ['Command', run.command],
  ];
  return html`<h1>kmsspec report</h1>
<p class="verdict ${verdict.good ? 'good' : 'bad'}"><strong>${verdict.good ? '✓' : '✗'} ${verdict.word}</strong> <span>${verdict.sentence}</span></p>
${tiles(report)}${suiteTable(report)}
<dl class="run">${facts.map(([name, value]) => html`<div${name === 'Command' ? html` class="wide"` : undefined}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${(run.warnings ?? []).map((warning) => html`<p>⚠ ${warning}</p>`)}
<nav aria-label="Sections"><ul>${links.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>`;
}

/** Suite by suite: how many were checked, and what they came to. */
function suiteTable({ run, results }: Report): Html | undefined {
  if ((run.verb ?? 'run') !== 'run') return undefined;
  const suites = [...new Set(results.map(({ suite }) => suite))];
  if (suites.length < 2) return undefined;
  const outcomes = OUTCOMES.filter((outcome) => results.some((result) => result.outcome === outcome));
  const row = (name: string, of: readonly Result[]): Html => {
    const { checked, all } = checkedOf(of);
    const cells = outcomes.map((outcome) => of.filter((result) => result.outcome === outcome).length);
    return html`<tr><th scope="row">${name}</th><td>${checked} of ${all}</td>${cells.map((count) => html`<td class="number${count === 0 ? ' zero' : ''}">${count}</td>`)}</tr>`;
  };
  return html`<details class="suites"><summary>By suite: ${checkedOf(results).checked} of ${results.length} checked</summary><div class="scroll" tabindex="0" role="region" aria-label="Results by suite"><table><thead><tr><th scope="col">Suite</th><th scope="col">Checked</th>${outcomes.map((outcome) => html`<th scope="col" class="number">${OUTCOME_WORDS[outcome]}</th>`)}</tr></thead><tbody>${suites.map(
    (suite) =>
      row(
        suite,
        results.filter((result) => result.suite === suite),
      ),
  )}${row('all', results)}</tbody></table></div></details>`;
}

/** The numbers that the page is about. */
function tiles(report: Report): Html | undefined {
  const told = highlights(report);
  if (told.length === 0) return outcomeTiles(report.results);
  return html`<ul class="tiles">${told.map(({ value, of, bad }) => html`<li${bad === true ? html` class="bad"` : undefined}><b>${value}</b>${of}</li>`)}</ul>`;
}

/** How many of each outcome, as numbers and as one bar. */
function outcomeTiles(results: readonly Result[]): Html | undefined {
  if (results.length === 0) return undefined;
  const counts = OUTCOMES.map((outcome) => ({
    outcome,
    count: results.filter((result) => result.outcome === outcome).length,
  }));
  let from = 0;
  const bars = [...counts].reverse().map(({ outcome, count }) => {
    const width = (count / results.length) * 1000;
    const bar = html`<rect class="${outcome}" x="${from}" width="${width}" height="14"/>`;
    from += width;
    return bar;
  });
  return html`<ul class="tiles">${counts.filter(({ count }) => count > 0).map(({ outcome, count }) => html`<li><b>${count}</b>${OUTCOME_SIGN[outcome]} ${OUTCOME_WORDS[outcome]}</li>`)}</ul><svg class="bar" viewBox="0 0 1000 14" preserveAspectRatio="none" aria-hidden="true">${bars}</svg>`;
}
