import type { Command } from 'commander';
import { checkControlPrograms } from '../../config/control-programs';
import { UsageError } from '../../usage-error';
import { runFuzzCampaign } from '../fuzz/campaign';
import { addFuzzOptions, campaignSettings, type FuzzFlags } from '../fuzz/flags';
import { replaySaved } from '../fuzz/replay';
import { addLabOptions } from '../lab-options';
import { addReportOptions, addTargetOptions, resolveSettings } from '../options';
import type { Verb } from '../verb';
import { withCapture } from '../with-capture';
import { withHostOfDomain } from '../with-target';

/** `kmsspec fuzz`: a campaign of generated cases, or one saved finding again. */
export const verb: Verb = {
  configure(command: Command): void {
    addFuzzOptions(addLabOptions(addReportOptions(addTargetOptions(command))));
  },

  async run(_args, options, context): Promise<number> {
    const flags = options as unknown as FuzzFlags;
    const settings = await withHostOfDomain(await resolveSettings(options, context), context.signal);
    if (settings.pcap !== undefined && flags.workers > 1)
      throw new UsageError('--pcap writes one capture from one thread: leave out --workers');
    if (settings.target !== undefined) checkControlPrograms(settings);
    const campaign = campaignSettings(flags, settings, options, context);
    const run = { settings, campaign, context, startedAt: new Date() };
    return withCapture(settings.pcap, (observer) =>
      flags.replay === undefined
        ? runFuzzCampaign(run, flags, observer)
        : replaySaved(flags.replay, run, flags, observer),
    );
  },
};
