import { html, type Html } from '../escape/html';
import { OUTCOMES } from '../results/levels';
import type { Result } from '../results/model';
import type { SavedRun } from '../results/run-history';
import { OUTCOME_SIGN, OUTCOME_WORDS } from '../results/wording';
import { anchorOf, runPage } from './names';

/** One result as a sign; what did not pass leads to the run that has its bytes. */
export function cell(result: Result | undefined, run: SavedRun): Html {
  if (result === undefined) return html`<td class="absent" aria-label="not in this run"></td>`;
  const { id, outcome } = result;
  const sign = OUTCOME_SIGN[outcome];
  const words = `${OUTCOME_WORDS[outcome]}${result.flaky === true ? ', flaky' : ''}`;
  if (outcome === 'passed' && result.flaky !== true)
    return html`<td class="passed" aria-label="passed">${sign}</td>`;
  const mark = result.flaky === true ? `${sign}~` : sign;
  return html`<td class="${outcome}"><a href="${runLink(run, id)}" aria-label="${id} ${words}, run ${run.number}">${mark}</a></td>`;
}

/** Where a requirement stands in the report of a run. */
export const runLink = (run: SavedRun, id: string): string =>
  `${runPage(run)}${anchorOf(id) === undefined ? '' : `#${id}`}`;

/** What the signs mean. */
export function signs(): Html {
  return html`<ul class="signs" aria-label="Signs">${[...OUTCOMES].reverse().map((outcome) => html`<li>${OUTCOME_SIGN[outcome]} ${OUTCOME_WORDS[outcome]}</li>`)}<li>~ flaky</li><li>empty: not in this run</li></ul>`;
}

/** A table that may be wider than the window, by keyboard too. */
export function scrolled(label: string, content: Html, look: 'scroll' | 'scroll tall' = 'scroll'): Html {
  return html`<div class="${look}" tabindex="0" role="region" aria-label="${label}">${content}</div>`;
}

/** The name of a requirement as the head of its row, which stays in view. */
export function rowHead({ id, level, title }: Result, link: string | undefined): Html {
  const name = link === undefined ? html`${id}` : html`<a href="${link}">${id}</a>`;
  return html`<th scope="row" class="name">${name}<span class="lv">${level}</span><span class="title">${title}</span></th>`;
}
