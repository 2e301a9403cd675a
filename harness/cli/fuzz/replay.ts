import { escapeTerminal } from '../../../reports/escape/terminal';
import { exitCode } from '../../../reports/exit-code';
import type { Report } from '../../../reports/model';
import type { ConnectionObserver } from '../../client';
import { loadFinding, type Replayed, replayFinding, type SavedFinding, targetOf } from '../../fuzz';
import { Random } from '../../random';
import type { TargetDescription } from '../../target';
import { writeReports } from '../report-files';
import type { FuzzFlags } from './flags';
import { findingOf, type FuzzRun, reportOf } from './report';

/** A saved finding again. @returns the exit code */
export async function replaySaved(
  id: string,
  run: FuzzRun,
  flags: FuzzFlags,
  observer: ConnectionObserver | undefined,
): Promise<number> {
  const { campaign, settings, context } = run;
  const saved = await loadFinding(campaign.out!, id);
  const { replayed, target } = await tryAgain(saved, run, flags.attempts, observer);
  const { finding, evidence, repeat } = saved;
  const { state, violation } = replayed;
  const told = {
    state,
    message: violation?.message ?? finding.message,
    received: violation?.received ?? finding.received,
    repeat: repeat[0] ?? '',
  };
  const report: Report = {
    ...reportOf(run, target),
    findings: [{ ...findingOf(finding, flags.out, told), evidence: [...evidence] }],
  };
  if (settings.reports.json !== '-')
    context.stdout.write(`${replayLines(saved, replayed).map(escapeTerminal).join('\n')}\n`);
  await writeReports(report, settings, context);
  return exitCode(report);
}

async function tryAgain(
  { finding }: SavedFinding,
  { campaign, settings, context }: FuzzRun,
  attempts: number,
  observer: ConnectionObserver | undefined,
): Promise<{ readonly replayed: Replayed; readonly target: TargetDescription }> {
  const { seed, timeoutMs } = settings;
  const target = await targetOf(campaign.target, seed, timeoutMs, context.signal);
  try {
    const random = new Random(seed).fork('replay');
    const replayed = await replayFinding(finding, target, { timeoutMs, random, attempts, observer });
    return { replayed, target: target.description };
  } finally {
    await target.close();
  }
}

const STATE_WORDS: Readonly<Record<Replayed['state'], string>> = {
  fixed: 'fixed',
  'still-failing': 'still failing',
  flaky: 'flaky',
};

function replayLines(
  { finding }: SavedFinding,
  { state, failures, attempts, violation, others }: Replayed,
): string[] {
  return [
    `${finding.id}: ${STATE_WORDS[state]} (seen in ${failures} of ${attempts} tries)`,
    `  ${(violation ?? finding).message}`,
    ...others.map(({ message }) => `  beside it: ${message}`),
  ];
}
