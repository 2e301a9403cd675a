import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Report } from '../../../reports/results/model';
import { type AgainOutcome, differenceWords } from '../../jobs/diff';
import { UsageError } from '../../support/usage-error';

/**
 * Where a saved difference lies: the path of its file or of its folder, or its id in the folder for differences.
 * @throws UsageError for an id without that folder
 */
export function placeOf(named: string, out: string | undefined, cwd: string): string {
  const path = resolve(cwd, named);
  if (existsSync(path)) return path;
  if (out !== undefined) return join(resolve(cwd, out), named);
  throw new UsageError(
    `there is no file and no folder ${named}: name the folder of a saved difference, or give --out DIR and its id`,
  );
}

const STATE_WORDS: Readonly<Record<AgainOutcome['state'], string>> = {
  fixed: 'differs no more',
  'still-failing': 'still differs',
  flaky: 'differs now and then',
};

/** What the terminal is told of a saved difference that was shown again, or not. */
export function againLines(
  { findings = [], run }: Report,
  { saved, state, attempts, shown, others }: AgainOutcome,
  names: readonly [string, string],
): string[] {
  const [finding] = findings;
  const beside = others.map((one) => `  beside it: ${differenceWords(one, names)}`);
  if (finding === undefined) return [`${saved.id}: not tried to the end`, ...beside, run.endedMessage ?? ''];
  return [
    `${finding.id}: ${STATE_WORDS[state]} (seen in ${shown} of ${attempts} tries)`,
    ...(finding.sent ?? []).map((step) => `  sent: ${step}`),
    `  ${finding.message}`,
    ...beside,
  ];
}
