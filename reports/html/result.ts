import { html, type Html } from '../escape/html';
import { evidenceText } from '../evidence-text';
import type { Level, Outcome } from '../levels';
import { messageBesideSource } from '../message';
import type { Finding, Result } from '../model';
import { decides, formatDuration, OUTCOME_SIGN, OUTCOME_WORDS } from '../wording';
import { pduFigures } from './hex';

/** An outcome as sign and word; its colour only repeats them. */
export function outcomeBadge(outcome: Outcome): Html {
  return html`<span class="badge ${outcome}"><span aria-hidden="true">${OUTCOME_SIGN[outcome]}</span> ${OUTCOME_WORDS[outcome]}</span>`;
}

export function repeatLine(command: string | undefined): Html | undefined {
  if (command === undefined) return undefined;
  return html`<div class="repeat"><code>${command}</code> <button type="button" class="copy">Copy</button></div>`;
}

/** Failures whose exchange is shown open: of more, one reads first which they are. */
const OPEN_EXCHANGES = 3;

/** One failure in full. `index` makes its anchor. */
export function failureCard(result: Result, index: number, failOn: readonly Level[]): Html {
  const { id, level, title, source, outcome, durationMs, repeat } = result;
  const weight = decides(result, failOn) ? level : `${level}, does not decide`;
  return html`<article class="card" id="r${index}" tabindex="-1" aria-labelledby="r${index}-title"><h3 id="r${index}-title"><span class="id">${id}</span> ${title}</h3>
<p class="facts">${outcomeBadge(outcome)} <span class="badge level">${weight}</span> <span>source: <cite>${source}</cite></span> <span>${formatDuration(durationMs)}</span></p>
${resultFacts(result)}${evidenceBlock(result.evidence ?? [], index < OPEN_EXCHANGES)}${repeatLine(repeat)}</article>`;
}

/** Links to the cards of failures, where there are too many to see at once. */
export function failureLinks(failures: readonly Result[]): Html | undefined {
  if (failures.length <= OPEN_EXCHANGES) return undefined;
  const links = failures.map(
    ({ id, title }, index) => html`<li><a href="#r${index}" title="${title}">${id}</a></li>`,
  );
  return html`<nav aria-label="Failures"><ul class="jump">${links}</ul></nav>`;
}

/** What is known of a result beside its title, as far as there is something. */
export function resultFacts(result: Result): Html {
  const message = messageBesideSource(result);
  const { expected, received, reason, ticket, expires, notes = [], attempts = [], flaky, baseline } = result;
  const compared =
    expected === undefined && received === undefined
      ? undefined
      : html`<dl class="compared"><div><dt>Expected</dt><dd>${expected ?? '–'}</dd></div><div><dt>Received</dt><dd>${received ?? '–'}</dd></div></dl>`;
  const known: [string, string | undefined][] = [
    ['Reason', reason],
    ['Ticket', ticket],
    [
      'Baseline entry',
      baseline === undefined ? expires : `${baseline}${expires === undefined ? '' : `, expires ${expires}`}`,
    ],
    [
      'Attempts',
      attempts.length === 0
        ? undefined
        : `${attempts.map((attempt) => attempt.outcome).join(', ')}${flaky === true ? ' (flaky)' : ''}`,
    ],
  ];
  const rows = known.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return html`${message === undefined ? undefined : html`<p class="message">${message}</p>`}${compared}${rows.length === 0 ? undefined : html`<dl class="known">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`}${notes.length === 0 ? undefined : html`<ul class="notes">${notes.map((note) => html`<li>${note}</li>`)}</ul>`}`;
}

function evidenceBlock(evidence: NonNullable<Result['evidence']>, open = true): Html | undefined {
  if (evidence.length === 0) return undefined;
  return html`<details class="exchange"${open ? html` open` : undefined}><summary>Exchange, ${evidence.length} ${evidence.length === 1 ? 'PDU' : 'PDUs'}</summary>${pduFigures(evidence)}</details>`;
}

/** The exchange without marks: what rows of the matrix hold, where there may be thousands. */
export function plainEvidence(evidence: NonNullable<Result['evidence']>): Html | undefined {
  if (evidence.length === 0) return undefined;
  return html`<pre>${evidence.map(evidenceText).join('\n\n')}</pre>`;
}

export function findingCard(finding: Finding, index: number): Html {
  const {
    id,
    oracle,
    title,
    message,
    state,
    seed,
    requests,
    shrunkFrom,
    cases,
    folder,
    repeat,
    evidence = [],
  } = finding;
  const size = `${requests} ${requests === 1 ? 'request' : 'requests'}${shrunkFrom === undefined ? '' : `, shrunk from ${shrunkFrom}`}`;
  return html`<article class="card" id="f${index}" tabindex="-1" aria-labelledby="f${index}-title"><h3 id="f${index}-title"><span class="id">${id}</span> ${title}</h3>
<p class="facts"><span class="badge ${state === 'fixed' ? 'passed' : 'failed'}">${state}</span> <span class="badge level">${oracle}</span> <span>${size}</span> <span>seed ${seed}</span>${cases === undefined ? undefined : html` <span>${cases} cases</span>`}${folder === undefined ? undefined : html` <span>in <code>${folder}</code></span>`}</p>
<p class="message">${message}</p>${finding.expected === undefined && finding.received === undefined ? undefined : html`<dl class="compared"><div><dt>Expected</dt><dd>${finding.expected ?? '–'}</dd></div><div><dt>Received</dt><dd>${finding.received ?? '–'}</dd></div></dl>`}${evidenceBlock(evidence)}${repeatLine(repeat)}</article>`;
}
