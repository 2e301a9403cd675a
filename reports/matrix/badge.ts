import { html } from '../escape/html';
import type { RunHistory } from '../results/run-history';
import { verdictOf } from '../results/wording';
import type { SiteOptions } from './index-page';

/** A badge as shields reads it from an endpoint. */
export interface Badge {
  readonly schemaVersion: 1;
  readonly label: string;
  readonly message: string;
  readonly color: string;
}

/** The last run of each host in a few words: of one host how many requirements passed, of several how many hosts did. */
export function badge({ hosts }: RunHistory, options: SiteOptions): Badge {
  const last = hosts.map(({ runs }) => runs.at(-1)!.report);
  const verdicts = last.map((report) => verdictOf(report, options));
  const passed = verdicts.filter(({ good }) => good).length;
  const isGood = passed === hosts.length;
  const [only] = last;
  const message =
    hosts.length === 1
      ? isGood
        ? `${only!.summary.passed} of ${only!.results.length} passed`
        : verdicts[0]!.word === 'FAILED'
          ? `failed, ${only!.summary.passed} of ${only!.results.length} passed`
          : verdicts[0]!.word.toLowerCase()
      : `${passed} of ${hosts.length} hosts passed`;
  const isDoubt = verdicts.every(({ good, word }) => good || word !== 'FAILED');
  return {
    schemaVersion: 1,
    label: 'KMS conformance',
    message,
    color: isGood ? 'brightgreen' : isDoubt ? 'orange' : 'red',
  };
}

/** The colours of shields, dark enough for white letters on them. */
const COLOURS: Readonly<Record<string, string>> = {
  brightgreen: '#2b7a0b',
  orange: '#a04b00',
  red: '#b3261e',
};
const LETTER = 6.6;
const PADDING = 12;

/** The badge as a drawing of its own, for where no service makes one. */
export function badgeSvg({ label, message, color }: Badge): string {
  const [left, right] = [label, message].map((text) => Math.ceil(text.length * LETTER) + PADDING) as [
    number,
    number,
  ];
  const text = (at: number, words: string, length: number): ReturnType<typeof html> =>
    html`<text x="${at}" y="14" text-anchor="middle" textLength="${length - PADDING}" lengthAdjust="spacingAndGlyphs">${words}</text>`;
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${label}: ${message}"><title>${label}: ${message}</title><rect width="${left + right}" height="20" rx="3" fill="#444"/><path d="M${left} 0h${right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-${right - 3}z" fill="${COLOURS[color] ?? '#444'}"/><g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">${text(left / 2, label, left)}${text(left + right / 2, message, right)}</g></svg>
`.markup;
}
