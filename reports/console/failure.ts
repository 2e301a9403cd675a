import { escapeTerminal, escapeTerminalLines } from '../escape/terminal';
import type { Finding, Result } from '../model';
import { OUTCOME_SIGN, OUTCOME_WORDS } from '../wording';
import { OUTCOME_INK, type Paint } from './style';

/** One failure: what, by which clause, what was expected and came, and the line that does it again. */
export function failureLines(result: Result, decides: boolean, paint: Paint): string[] {
  const { outcome, level } = result;
  const sign = paint(OUTCOME_INK[outcome], `${OUTCOME_SIGN[outcome]} ${escapeTerminal(result.id)}`);
  const weight = decides ? level : `${level}, does not decide`;
  return [
    `${sign} ${OUTCOME_WORDS[outcome]} (${weight}): ${escapeTerminal(result.title)}`,
    ...detail('source', result.source),
    ...detail('message', result.message),
    ...detail('expected', result.expected),
    ...detail('received', result.received),
    ...detail('reason', result.reason),
    ...detail('ticket', result.ticket),
    ...detail('baseline', result.baseline === undefined ? undefined : BASELINE_WORDS[result.baseline]),
    ...detail('flaky', result.flaky === true ? flakyWords(result) : undefined),
    ...(result.notes ?? []).flatMap((note) => detail('note', note)),
    ...detail('repeat', result.repeat),
  ];
}

/** One finding of the fuzzer, in the same form. */
export function findingLines(finding: Finding, paint: Paint): string[] {
  const ink = finding.state === 'fixed' ? 'good' : 'bad';
  const size = `${finding.requests} ${finding.requests === 1 ? 'request' : 'requests'}`;
  return [
    `${paint(ink, `${finding.state === 'fixed' ? '✓' : '✗'} ${escapeTerminal(finding.id)}`)} ${finding.state} (${escapeTerminal(finding.oracle)}, ${size}): ${escapeTerminal(finding.title)}`,
    ...detail('message', finding.message),
    ...detail('expected', finding.expected),
    ...detail('received', finding.received),
    ...detail('folder', finding.folder),
    ...detail('repeat', finding.repeat),
  ];
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

function detail(name: string, text: string | undefined): string[] {
  if (text === undefined || text === '') return [];
  const [first = '', ...rest] = escapeTerminalLines(text, '').split('\n');
  return [`    ${name.padEnd(9)}${first}`, ...rest.map((line) => `             ${line}`)];
}
