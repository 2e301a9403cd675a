import { runInProcess } from '../../../cli/testing/in-process';
import type { FaultName } from '../../../lab-host';
import type { Report } from '../../../../reports/results/model';
import { loadFinding } from '../findings/findings-folder';
import { numbersSaid, numbersSent } from './said-and-sent';

/** What came of the first finding of a campaign that was shown again. */
export interface RepeatedFinding {
  readonly id: string;
  /** The line that it prints, what that exits with, and in how many of its tries it showed. */
  readonly line: string;
  readonly exitCode: number;
  readonly shown: number;
  readonly attempts: number;
  /** Numbers that its words name. */
  readonly numbers: number;
  /** Those of them that no octets have that were sent. */
  readonly unsent: readonly string[];
}

/**
 * Fuzzes a lab host with a fault, runs the line that the first finding prints as it is pasted, and holds its words against what was sent.
 * @returns null where nothing was found
 */
export async function repeatedFinding(
  fault: FaultName,
  runs: number,
  folder: string,
): Promise<RepeatedFinding | null> {
  const campaign = ['fuzz', '--seed', '1', '--runs', String(runs), '--fault', fault, '--timeout', '1000'];
  const found = await runInProcess(
    [...campaign, '--stop-on-finding', '--quiet', '--out', 'out', '--json', '-'],
    {
      cwd: folder,
    },
  );
  // A host that answers no good request is not fuzzed.
  if (found.stdout === '') return null;
  const { findings = [] } = JSON.parse(found.stdout) as Report;
  const finding = findings.find(({ state }) => state === 'new');
  if (finding === undefined) return null;
  const { id, sent = [], repeat: line = '' } = finding;
  const again = await runInProcess(line.split(' ').slice(1), { cwd: folder });
  const [, shown = '0', attempts = '0'] = /seen in (\d+) of (\d+) tries/.exec(again.stdout) ?? [];
  const { evidence } = await loadFinding(`${folder}/out`, id);
  const said = numbersSaid(sent);
  const unsent = said.filter(({ path, value }) => !numbersSent(evidence, path).includes(value));
  return {
    ...{ id, line, exitCode: again.exitCode, shown: Number(shown), attempts: Number(attempts) },
    ...{ numbers: said.length, unsent: unsent.map(({ path, value }) => `${path} ${value}`) },
  };
}
