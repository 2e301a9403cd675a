import { isOpen } from '../results/is-open';
import { html, type Html } from '../escape/html';
import { evidenceText } from '../evidence/evidence-text';
import type { Level, Outcome } from '../results/levels';
import { fieldOfFailure, markedEvidence } from '../evidence/mark-field';
import { type Cause, causeInWords } from '../results/causes';
import { messageBesideSource } from '../results/message';
import type { Finding, Result } from '../results/model';
import {
  brokenRequirement,
  decides,
  formatDuration,
  OUTCOME_SIGN,
  OUTCOME_WORDS,
  weightInWords,
} from '../results/wording';
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

/** One failure in full. `index` makes its anchor; the requirement that it is of has its own there, so that links to it meet the bytes. */
export function failureCard(
  cause: Cause,
  index: number,
  failOn: readonly Level[],
  anchor: string | undefined,
): Html {
  const result = cause.first;
  const { id, level, title, source, outcome, durationMs, repeat } = result;
  const weight = weightInWords(level, decides(result, failOn));
  const alike = causeInWords(cause);
  return html`<article class="card" id="r${index}" tabindex="-1" aria-labelledby="r${index}-title"><h3 id="r${index}-title"><span class="id"${anchor === undefined ? undefined : html` id="${anchor}"`}>${id}</span> ${title}</h3>
<p class="facts">${outcomeBadge(outcome)} <span class="badge level">${weight}</span> <span>source: <cite>${source}</cite></span> <span>${formatDuration(durationMs)}</span></p>
<details class="body"${index === 0 ? html` open` : undefined}><summary>${alike ?? messageBesideSource(result) ?? 'Details'}</summary>
${resultFacts(result, alike !== undefined)}${evidenceBlock(markedEvidence(result), index < OPEN_EXCHANGES, fieldOfFailure(result)?.expectedHex)}${repeatLine(repeat)}${alikeList(cause)}</details></article>`;
}

/** Of more, the rows below have all. */
const MOST_ALIKE = 200;

/** Those that fail alike: their rows below have their titles, and lead back here. */
function alikeList({ others }: Cause): Html | undefined {
  if (others.length === 0) return undefined;
  return html`<p>For the same cause:</p><ul class="jump">${others.slice(0, MOST_ALIKE).map(({ id, title }) => html`<li><a href="#${id}" title="${title}">${id}</a></li>`)}</ul>`;
}

/** Links to the cards of failures, where there are too many to see at once. */
export function failureLinks(causes: readonly Cause[]): Html | undefined {
  if (causes.length < 2) return undefined;
  const links = causes.map(
    ({ first, others }, index) =>
      html`<li><a href="#r${index}" title="${first.title}">${first.id}</a>${others.length === 0 ? undefined : html` and ${others.length} alike`}</li>`,
  );
  return html`<nav aria-label="Failures"><ul class="jump">${links}</ul></nav><p><button type="button" class="open-all" aria-pressed="false">Open all</button></p>`;
}

/** What is known of a result beside its title, as far as there is something; its message where that does not stand above. */
export function resultFacts(result: Result, withMessage = true): Html {
  const message = withMessage ? messageBesideSource(result) : undefined;
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

function evidenceBlock(
  evidence: NonNullable<Result['evidence']>,
  open = true,
  expectedHex?: string,
): Html | undefined {
  if (evidence.length === 0) return undefined;
  return html`<details class="exchange"${open ? html` open` : undefined}><summary>Exchange, ${evidence.length} ${evidence.length === 1 ? 'PDU' : 'PDUs'}</summary>${pduFigures(evidence, expectedHex)}</details>`;
}

/** The exchange without marks: what rows of the matrix hold, where there may be thousands. */
export function plainEvidence(evidence: NonNullable<Result['evidence']>): Html | undefined {
  if (evidence.length === 0) return undefined;
  return html`<pre>${evidence.map(evidenceText).join('\n\n')}</pre>`;
}

function brokenLine(finding: Finding): Html | undefined {
  const broken = brokenRequirement(finding);
  return broken === undefined ? undefined : html`<p class="facts">breaks <cite>${broken}</cite></p>`;
}

function sentList(sent: readonly string[]): Html | undefined {
  if (sent.length === 0) return undefined;
  return html`<ol class="notes">${sent.map((step) => html`<li>${step}</li>`)}</ol>`;
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
<p class="facts"><span class="badge ${isOpen(finding) ? 'failed' : 'passed'}">${state}</span> <span class="badge level">${oracle}</span> <span>${size}</span> <span>seed ${seed}</span>${cases === undefined ? undefined : html` <span>${cases} cases</span>`}${folder === undefined ? undefined : html` <span>in <code>${folder}</code></span>`}</p>
${brokenLine(finding)}${sentList(finding.sent ?? [])}<p class="message">${message}</p>${finding.reason === undefined ? undefined : html`<p class="facts">known: ${finding.reason}</p>`}${finding.expected === undefined && finding.received === undefined ? undefined : html`<dl class="compared"><div><dt>Expected</dt><dd>${finding.expected ?? '–'}</dd></div><div><dt>Received</dt><dd>${finding.received ?? '–'}</dd></div></dl>`}${familyLine(finding)}${evidenceBlock(evidence)}${repeatLine(repeat)}</article>`;
}

/** Findings of the same cause: the one that stands for all, and those that it stands for. */
function familyLine({ cause, also = [] }: Finding): Html | undefined {
  if (cause !== undefined) return html`<p class="facts">of the same cause as <code>${cause}</code></p>`;
  if (also.length === 0) return undefined;
  return html`<p class="facts">of the same cause: ${also.map((id) => html`<code>${id}</code> `)}</p>`;
}
