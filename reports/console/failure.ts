import { escapeTerminal, escapeTerminalLines } from '../escape/terminal';
import type { Finding, Result } from '../results/model';
import { type Cause, causeInWords, othersInWords } from '../results/causes';
import { messageBesideSource } from '../results/message';
import { brokenRequirement, OUTCOME_SIGN, OUTCOME_WORDS, weightInWords } from '../results/wording';
import { pad } from '../text/columns';
import { fold, type Ink, OUTCOME_INK, type Paint } from './style';

/** Columns in front of what is told of a failure. */
const INDENT = 13;

/** Failures of one cause: the first in full, the others by their ids. */
export function causeLines(cause: Cause, decides: boolean, paint: Paint, width?: number): string[] {
  const alike = causeInWords(cause);
  const first = failureLines(cause.first, decides, paint, width);
  if (alike === undefined) return first;
  return [...first, ...detailsOf(width)('alike', `${alike}; the others: ${othersInWords(cause)}`)];
}

/** One failure: what, by which clause, what was expected and came, and the line that does it again. */
export function failureLines(result: Result, decides: boolean, paint: Paint, width?: number): string[] {
  const { outcome, level } = result;
  const weight = weightInWords(level, decides);
  const detail = detailsOf(width);
  return [
    ...headLines(
      [OUTCOME_INK[outcome], `${OUTCOME_SIGN[outcome]} ${escapeTerminal(result.id)}`],
      `${OUTCOME_WORDS[outcome]} (${weight}): ${escapeTerminal(result.title)}`,
      paint,
      width,
    ),
    ...detail('source', result.source),
    ...detail('message', messageBesideSource(result)),
    ...detail('expected', result.expected),
    ...detail('received', result.received),
    ...detail('reason', result.reason),
    ...detail('ticket', result.ticket),
    ...detail('baseline', result.baseline === undefined ? undefined : BASELINE_WORDS[result.baseline]),
    ...detail('flaky', result.flaky === true ? flakyWords(result) : undefined),
    ...(result.notes ?? []).flatMap((note) => detail('note', note)),
    ...repeatLines(result.repeat),
  ];
}

/** One finding of the fuzzer, in the same form. */
export function findingLines(finding: Finding, paint: Paint, width?: number): string[] {
  const ink = finding.state === 'fixed' ? 'good' : 'bad';
  const size = `${finding.requests} ${finding.requests === 1 ? 'request' : 'requests'}`;
  const detail = detailsOf(width);
  return [
    ...headLines(
      [ink, `${finding.state === 'fixed' ? '✓' : '✗'} ${escapeTerminal(finding.id)}`],
      `${finding.state} (${escapeTerminal(finding.oracle)}, ${size}): ${escapeTerminal(finding.title)}`,
      paint,
      width,
    ),
    ...detail('breaks', brokenRequirement(finding)),
    ...(finding.sent ?? []).flatMap((step) => detail('sent', step)),
    ...detail('message', finding.message),
    ...detail('expected', finding.expected),
    ...detail('received', finding.received),
    ...detail('cause', finding.cause),
    ...detail('also', finding.also?.join(', ')),
    ...detail('folder', finding.folder),
    ...repeatLines(finding.repeat),
  ];
}

function headLines(
  [ink, sign]: [Ink, string],
  text: string,
  paint: Paint,
  width: number | undefined,
): string[] {
  const [first = '', ...rest] = fold(text, width && Math.max(20, width - 4), [...sign].length - 3);
  return [`${paint(ink, sign)} ${first}`, ...rest.map((line) => `    ${line}`)];
}

const BASELINE_WORDS: Readonly<Record<NonNullable<Result['baseline']>, string>> = {
  'as-known': 'as the baseline says',
  changed: 'the baseline knows another failure',
  expired: 'the entry of the baseline has expired',
  fixed: 'the baseline still says that it fails: take the entry out',
};

function flakyWords({ attempts = [] }: Result): string {
  const failed = attempts.filter(({ outcome }) => outcome === 'failed').length;
  return `failed in ${failed} of ${attempts.length} attempts`;
}

function detailsOf(width: number | undefined): (name: string, text: string | undefined) => string[] {
  const room = width && Math.max(20, width - INDENT);
  return (name, text) => {
    if (text === undefined || text === '') return [];
    const [first = '', ...rest] = escapeTerminalLines(text, '')
      .split('\n')
      .flatMap((line) => fold(line, room));
    return [`    ${pad(name, INDENT - 4)}${first}`, ...rest.map((line) => ' '.repeat(INDENT) + line)];
  };
}

/** A command is to be copied: it is not folded. */
const repeatLines = (command: string | undefined): string[] => detailsOf(undefined)('repeat', command);
