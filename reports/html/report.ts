import { html, type Html } from '../escape/html';
import type { ExitOptions } from '../exit-code';
import { OUTCOMES } from '../levels';
import type { Report, Result } from '../model';
import {
  decidingLevels,
  failuresOf,
  formatDuration,
  OUTCOME_SIGN,
  OUTCOME_WORDS,
  targetInWords,
  verdictOf,
} from '../wording';
import { matrix } from './matrix';
import { page } from './page';
import { failureCard, failureLinks, findingCard } from './result';
import { sections } from './sections';

/** Failures beyond this have their row in the matrix only, with the exchange as plain text, so that pages of thousands open at once. */
const MOST_CARDS = 50;

/** The report as one HTML file: nothing is loaded, everything that came from a host is text. */
export function writeHtml(report: Report, options: ExitOptions = {}): string {
  const failOn = decidingLevels(report, options);
  const failures = failuresOf(report, failOn).slice(0, MOST_CARDS);
  const cards = new Map<Result, number>(failures.map((result, index) => [result, index]));
  const others = sections(report);
  const findings = report.findings ?? [];
  const parts: { id: string; title: string; body: Html }[] = [
    ...(failures.length === 0
      ? []
      : [
          {
            id: 'failures',
            title: 'Failures',
            body: html`${failureLinks(failures)}${failures.map((result, index) => failureCard(result, index, failOn))}`,
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
  const main = html`${parts.map(({ id, title, body }) => html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${body}</section>`)}${hasMatrix ? matrix(report, cards) : undefined}`;
  const links = [...parts, ...(hasMatrix ? [{ id: 'matrix', title: 'Requirements' }] : [])];
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
    ['Profile', target.profile],
    ['Controls', target.controls.length === 0 ? 'none' : target.controls.join(', ')],
    ['Started', run.startedAt.replace('T', ' ').replace(/\.0+Z$/, 'Z')],
    ['Took', formatDuration(run.durationMs)],
    ['Seed', `${run.seed}${run.shard === null ? '' : `, shard ${run.shard.index}/${run.shard.of}`}`],
    ['Decides', decidingLevels(report, options).join(', ')],
    ['Command', run.command],
  ];
  return html`<h1>kmsspec report</h1>
<p class="verdict ${verdict.good ? 'good' : 'bad'}"><strong>${verdict.good ? '✓' : '✗'} ${verdict.word}</strong> <span>${verdict.sentence}</span></p>
${tiles(report.results)}
<dl class="run">${facts.map(([name, value]) => html`<div${name === 'Command' ? html` class="wide"` : undefined}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${(run.warnings ?? []).map((warning) => html`<p>⚠ ${warning}</p>`)}
<nav aria-label="Sections"><ul>${links.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>`;
}

/** How many of each outcome, as numbers and as one bar. */
function tiles(results: readonly Result[]): Html | undefined {
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
  return html`<ul class="tiles">${counts.map(({ outcome, count }) => html`<li${count === 0 ? html` class="none"` : undefined}><b>${count}</b>${OUTCOME_SIGN[outcome]} ${OUTCOME_WORDS[outcome]}</li>`)}</ul><svg class="bar" viewBox="0 0 1000 14" preserveAspectRatio="none" aria-hidden="true">${bars}</svg>`;
}
