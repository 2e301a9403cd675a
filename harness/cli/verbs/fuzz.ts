import type { Command } from 'commander';
import { CATALOGUE } from '../../../scenarios/catalogue';
import { fuzz, type FuzzPlan } from '../../jobs/fuzz/fuzz-job';
import { retryFinding } from '../../jobs/fuzz/retry-job';
import type { CampaignSettings, Progress } from '../../jobs/fuzz';
import { lockOutput } from '../../support/output-lock';
import { UsageError } from '../../support/usage-error';
import { configuredNames, type TargetDescription } from '../../target';
import { reportedNames } from '../../target/control-name';
import { checkControlPrograms } from '../../target/config/control-programs';
import { campaignLines } from '../fuzz/campaign-lines';
import { addFuzzOptions, campaignSettings, DEFAULT_RUNS, type FuzzFlags } from '../fuzz/flags';
import { progressText } from '../fuzz/progress-text';
import { retryLines } from '../fuzz/retry-lines';
import { addLabOptions } from '../options/lab-options';
import { addReportOptions, addTargetOptions, resolveSettings } from '../options/options';
import { linesOf, takesStandardOutput } from '../output/listing';
import { ProgressLine } from '../output/progress-line';
import { report } from '../pipeline/run-job';
import { withCapture } from '../pipeline/with-capture';
import { withHostOfDomain } from '../pipeline/with-target';
import type { Verb } from '../verb';

/** `kmsspec fuzz`: a campaign of generated cases, or one saved finding again. */
export const verb: Verb = {
  configure(command: Command): void {
    addFuzzOptions(addLabOptions(addReportOptions(addTargetOptions(command))));
  },

  async run(_args, options, context): Promise<number> {
    const flags = options as unknown as FuzzFlags;
    const { signal, stderr } = context;
    const settings = await withHostOfDomain(await resolveSettings(options, context), signal);
    if (settings.pcap !== undefined && flags.workers > 1)
      throw new UsageError('--pcap writes one capture from one thread: leave out --workers');
    if (settings.target !== undefined) checkControlPrograms(settings);
    const campaign = campaignSettings(flags, settings, options, context);
    const plan = planOf(flags, campaign, settings.failOn);
    const run = { verb: 'fuzz', settings, context, startedAt: new Date() };
    const lock = await lockOutput(campaign.out);
    const fuzzed = withCapture(settings.pcap, context, async (observer) => {
      if (flags.replay !== undefined) {
        const onNotice = (text: string): void => void stderr.write(`kmsspec: ${text}\n`);
        const retried = await retryFinding(flags.replay, plan, flags.attempts, {
          signal,
          observer,
          onNotice,
        });
        const text = (): string => linesOf(retryLines(retried));
        return report({ ...run, target: retried.target }, retried, { text });
      }
      if (flags.quiet !== true) stderr.write(`kmsspec: fuzzing with seed ${settings.seed}\n`);
      const silent = flags.quiet === true || takesStandardOutput(settings);
      const progress = new ProgressLine(context, silent);
      let latest: Progress | null = null;
      progress.follow(() => progressText(latest));
      const outcome = await fuzz(plan, {
        ...{ signal, observer },
        onFinding: ({ id, message }) => progress.say(`finding ${id}: ${message}`),
        onNotice: (text) => progress.say(`kmsspec: ${text}`),
        onProgress: (now) => (latest = now),
      }).finally(() => progress.end());
      return report({ ...run, target: describeTarget(campaign) }, outcome, {
        text: ({ result }, written) => linesOf(campaignLines(written, result, settings, flags)),
      });
    });
    return fuzzed.finally(() => lock.release());
  },
};

function planOf(
  { runs, time, afresh, out }: FuzzFlags,
  settings: FuzzPlan['settings'],
  failOn: FuzzPlan['failOn'],
): FuzzPlan {
  return {
    clauses: CATALOGUE,
    failOn,
    settings,
    runs: runs ?? (time === undefined ? DEFAULT_RUNS : null),
    milliseconds: time === undefined ? null : time * 1000,
    afresh,
    shownOut: out,
  };
}

function describeTarget({ target }: CampaignSettings): TargetDescription {
  return {
    address: target.address ?? 'embedded lab host',
    embedded: target.address === null,
    profile: target.profile.name,
    controls: target.address === null ? reportedNames(() => true) : configuredNames(target.controls),
  };
}
