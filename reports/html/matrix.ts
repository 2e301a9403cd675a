import { html, type Html } from '../escape/html';
import { LEVELS, OUTCOMES } from '../results/levels';
import { messageBesideSource } from '../results/message';
import type { Report, Result } from '../results/model';
import { formatDuration, OUTCOME_SIGN, OUTCOME_WORDS } from '../results/wording';
import { outcomeBadge, plainEvidence, repeatLine, resultFacts } from './result';

/**
 * Rows that a browser lays out together. Groups outside the window are not laid out at all, so that 10,000 rows open at
 * once; that takes rows that are grids, and those need their roles said.
 */
const GROUP = 100;

/** No more results than this are seen at a glance: there is nothing to filter. */
const AT_A_GLANCE = 8;

/** What the results of a report are: those of `run` are requirements, other verbs check a few things of their own. */
export const matrixTitle = ({ run }: Report): string =>
  (run.verb ?? 'run') === 'run' ? 'Requirements' : 'Checks';

/** Every result as a row, with filters and search. `cards` says which results have a card, `anchors` by which id a row is linked to. */
export function matrix(
  report: Report,
  cards: ReadonlyMap<Result, number>,
  anchors: ReadonlyMap<Result, string>,
): Html {
  const { results } = report;
  return html`<section aria-labelledby="matrix-title" id="matrix"><h2 id="matrix-title">${matrixTitle(report)}</h2>
${results.length <= AT_A_GLANCE ? undefined : html`${filters(results)}<p id="shown" role="status">${results.length} of ${results.length} shown</p>`}
<table class="matrix${results.length > GROUP ? ' long' : ''}" role="table"><caption class="unseen">${matrixTitle(report)} and their outcomes</caption><thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader" class="c-id">Id</th><th scope="col" role="columnheader" class="c-outcome">Outcome</th><th scope="col" role="columnheader">The host …</th><th scope="col" role="columnheader" class="c-time">Time</th></tr></thead>
${grouped(results).map((group) => html`<tbody role="rowgroup">${group.map((result) => row(result, cards.get(result), anchors.get(result)))}</tbody>`)}</table></section>`;
}

function grouped(results: readonly Result[]): (readonly Result[])[] {
  const count = Math.ceil(results.length / GROUP);
  return Array.from({ length: count }, (_, index) => results.slice(index * GROUP, (index + 1) * GROUP));
}

/** Ids of requirements, by which results can be linked to; the first of several results of one. */
export function anchorsOf(results: readonly Result[]): Map<Result, string> {
  const seen = new Set<string>();
  return new Map(
    results
      .filter(({ id }) => /^[A-Z][A-Z0-9]*-\d+$/.test(id) && !seen.has(id) && seen.add(id))
      .map((result) => [result, result.id]),
  );
}

function row(result: Result, card: number | undefined, anchor: string | undefined): Html {
  const { id, level, suite, outcome, title, source, durationMs } = result;
  const name = card === undefined ? html`${id}` : html`<a href="#r${card}">${id}</a>`;
  return html`<tr role="row"${anchor === undefined ? undefined : html` id="${anchor}"`} data-outcome="${outcome}" data-level="${level}" data-suite="${suite}"><th scope="row" role="rowheader" class="c-id">${name}<span class="lv">${level}</span></th><td role="cell" class="c-outcome">${outcomeBadge(outcome)}</td><td role="cell">${title} <cite>${source}</cite>${more(result, card)}</td><td role="cell" class="c-time number">${durationMs === 0 ? '–' : formatDuration(durationMs)}</td></tr>
`;
}

/** What a row can be expanded to: nothing for a plain pass, a link for what has a card. */
function more(result: Result, card: number | undefined): Html | undefined {
  const { reason, notes, attempts, evidence = [], expected, received, ticket } = result;
  const message = messageBesideSource(result);
  const said = [message, reason, notes, attempts, expected, received, ticket].some(
    (each) => each !== undefined,
  );
  if (!said && evidence.length === 0) return undefined;
  if (card !== undefined) return html`<p class="why">${message ?? reason ?? ''}</p>`;
  return html`<details><summary>${message ?? reason ?? 'More'}</summary>${resultFacts(result)}${plainEvidence(evidence)}${repeatLine(result.repeat)}</details>`;
}

function filters(results: readonly Result[]): Html {
  const suites = [...new Set(results.map(({ suite }) => suite))];
  const outcomes = OUTCOMES.map((outcome) => ({
    value: outcome,
    label: `${OUTCOME_SIGN[outcome]} ${OUTCOME_WORDS[outcome]}`,
    count: results.filter((result) => result.outcome === outcome).length,
  }));
  const levels = LEVELS.map((level) => ({
    value: level,
    label: level,
    count: results.filter((result) => result.level === level).length,
  }));
  return html`<form id="filters" role="search" aria-label="Filter requirements"><label class="search">Search <input type="search" id="search" placeholder="id, words, source, message" autocomplete="off"></label><label>Suite <select id="suite"><option value="">all</option>${suites.map((suite) => html`<option value="${suite}">${suite}</option>`)}</select></label>${boxes('Outcome', 'outcome', outcomes)}${boxes('Level', 'level', levels)}<button type="reset">Show all</button></form>`;
}

function boxes(
  title: string,
  name: string,
  all: readonly { value: string; label: string; count: number }[],
): Html {
  const present = all.filter(({ count }) => count > 0);
  return html`<fieldset><legend>${title}</legend>${present.map(({ value, label, count }) => html`<label class="box"><input type="checkbox" name="${name}" value="${value}" checked> ${label} <span class="number">${count}</span></label>`)}</fieldset>`;
}
