import { commandLine } from '../../../reports/command-line';
import { escapeTerminal } from '../../../reports/escape/terminal';
import { exitCode } from '../../../reports/exit-code';
import type { Finding as ReportedFinding, Report } from '../../../reports/model';
import type { ConnectionObserver } from '../../client';
import { type CampaignResult, type CampaignSettings, Journal, loadFinding, runCampaign } from '../../fuzz';
import type { TargetDescription } from '../../target';
import { UsageError } from '../../usage-error';
import { writeReports } from '../report-files';
import { campaignLines } from './campaign-lines';
import { DEFAULT_RUNS, type FuzzFlags } from './flags';
import { ProgressLine } from './progress-line';
import { findingOf, type FuzzRun, reportOf } from './report';

/** A campaign from its first case, or from where it was broken off. @returns the exit code */
export async function runFuzzCampaign(
  run: FuzzRun,
  flags: FuzzFlags,
  observer: ConnectionObserver | undefined,
): Promise<number> {
  const { settings, campaign, context } = run;
  if (flags.quiet !== true) context.stderr.write(`kmsspec: fuzzing with seed ${settings.seed}\n`);
  const result = await conduct(run, flags, observer);
  const report: Report = {
    ...reportOf(run, describeTarget(campaign)),
    coverage: result.coverage,
    findings: await Promise.all(result.findings.map((found) => reported(found, campaign, flags.out))),
  };
  setEnding(report, result);
  if (settings.reports.json !== '-') {
    const lines = campaignLines(report, result, settings, flags);
    context.stdout.write(`${lines.map(escapeTerminal).join('\n')}\n`);
  }
  await writeReports(report, settings, context);
  return exitCode(report);
}

async function conduct(
  { settings, campaign, context }: FuzzRun,
  flags: FuzzFlags,
  observer: ConnectionObserver | undefined,
): Promise<CampaignResult> {
  const journal = new Journal(campaign.out!, identityOf(campaign), flags.afresh);
  const progress = new ProgressLine(context, flags.quiet === true || settings.reports.json === '-');
  try {
    return await runCampaign({
      settings: campaign,
      runs: flags.runs ?? (flags.time === undefined ? DEFAULT_RUNS : null),
      milliseconds: flags.time === undefined ? null : flags.time * 1000,
      stopOnFinding: campaign.stopOnFinding,
      journal,
      signal: context.signal,
      observer,
      onFinding: (finding) => progress.say(`finding ${finding.id}: ${finding.message}`),
      onProgress: (now) => progress.show(now),
    });
  } finally {
    progress.end();
    journal.close();
  }
}

/** What tells campaigns apart: the same cases, on the same target. */
function identityOf({ seed, levels, corpus, shard, target }: CampaignSettings): Record<string, unknown> {
  const { address, profile, keyGroup, lab } = target;
  return { seed, levels, corpus, shard, target: address, profile: profile.name, keyGroup, lab };
}

async function reported(
  { finding, cases }: CampaignResult['findings'][number],
  { out, target }: CampaignSettings,
  shownOut: string,
): Promise<ReportedFinding> {
  const outArgs = shownOut === 'kmsspec-findings' ? [] : ['--out', shownOut];
  const { message, received } = finding;
  return {
    ...findingOf(finding, shownOut, {
      message,
      received,
      state: finding.reproduced ? 'new' : 'flaky',
      repeat: commandLine(['kmsspec', 'fuzz', '--replay', finding.id, ...outArgs, ...target.arguments]),
    }),
    cases: Math.max(1, cases),
    ...(await evidenceOf(finding.id, out!)),
  };
}

async function evidenceOf(id: string, out: string): Promise<Pick<ReportedFinding, 'evidence'>> {
  try {
    return { evidence: [...(await loadFinding(out, id)).evidence] };
  } catch (error) {
    // A folder that somebody removed meanwhile takes its evidence along, not the finding.
    if (!(error instanceof UsageError)) throw error;
    return {};
  }
}

function setEnding(report: Report, { ended, endedMessage, notes, unconfirmed }: CampaignResult): void {
  const unsure =
    unconfirmed.length === 0
      ? []
      : [`seen once and not again, ${unconfirmed.length} times, such as: ${unconfirmed[0]}`];
  const warnings = [...notes, ...unsure];
  if (warnings.length > 0) report.run.warnings = warnings;
  if (ended === 'complete') return;
  report.run.ended = ended;
  report.run.endedMessage = endedMessage ?? 'interrupted; the same command line takes it up again';
}

function describeTarget({ target }: CampaignSettings): TargetDescription {
  return {
    address: target.address ?? 'embedded lab host',
    embedded: target.address === null,
    profile: target.profile.name,
    controls: target.address === null ? ['reset', 'restart', 'clock'] : Object.keys(target.controls),
  };
}
