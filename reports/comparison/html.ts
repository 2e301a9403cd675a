import type { Change, Comparison } from '../results/compare';
import { html, type Html } from '../escape/html';
import { page } from '../html/page';
import { repeatLine } from '../html/result';
import { comparisonSentence, countLine, GROUPS, latencyLine, sidesLine, stateChange } from './wording';

/** The comparison as one HTML file, under the same policy as the report. */
export function writeComparisonHtml(comparison: Comparison): string {
  const { counts, latency, regression } = comparison;
  const header = html`<h1>kmsspec comparison</h1><p class="verdict ${regression ? 'bad' : 'good'}"><strong>${regression ? '✗ REGRESSION' : '✓ NO REGRESSION'}</strong> <span>${comparisonSentence(comparison)}</span></p><p>${sidesLine(comparison)}</p>`;
  const main = html`${GROUPS.filter(([key]) => comparison[key].length > 0).map(([key, title, sign]) => group(key, `${sign} ${title}`, comparison[key]))}${
    counts.length === 0
      ? undefined
      : html`<section aria-labelledby="counts"><h2 id="counts">Counts</h2><ul class="notes">${counts.map((each) => html`<li>${countLine(each)}, <code>${each.sent}</code></li>`)}</ul></section>`
  }${
    latency.length === 0
      ? undefined
      : html`<section aria-labelledby="latency"><h2 id="latency">Latency</h2><ul class="notes">${latency.map((each) => html`<li><span class="badge ${each.worse ? 'failed' : 'passed'}">${each.worse ? '✗ slower' : '✓ faster'}</span> ${each.series}, ${latencyLine(each)}</li>`)}</ul></section>`
  }`;
  return page(
    `kmsspec comparison: ${regression ? 'regression' : 'no regression'}`,
    header,
    main,
    html`kmsspec ${comparison.new.version}, ${comparison.schema}`,
  );
}

function group(key: string, title: string, changes: readonly Change[]): Html {
  return html`<section aria-labelledby="${key}"><h2 id="${key}">${title} (${changes.length})</h2><div class="scroll" tabindex="0" role="region" aria-label="${title}"><table class="stack"><thead><tr><th scope="col">Id</th><th scope="col">Change</th><th scope="col">What</th></tr></thead><tbody>${changes.map(row)}</tbody></table></div></section>`;
}

function row(change: Change): Html {
  const { id, level, title, messageBefore, messageAfter, regression, repeat } = change;
  return html`<tr><th scope="row" class="nowrap">${id}${level === null ? undefined : html`<span class="lv">${level}</span>`}</th><td><span class="badge ${regression ? 'failed' : 'level'}">${stateChange(change)}</span></td><td>${title}${messageBefore === undefined ? undefined : html`<p class="why">before: ${messageBefore}</p>`}${messageAfter === undefined ? undefined : html`<p class="why">now: ${messageAfter}</p>`}${repeatLine(repeat)}</td></tr>`;
}
