import type { Command } from 'commander';
import { resolve } from 'node:path';
import { escapeTerminal } from '../../../reports/escape/terminal';
import {
  CONNECTION_MODES,
  type ConnectionMode,
  type Conversations,
  type ExchangeFilter,
  exampleOfReplay,
  labLikeRecorded,
  type Pace,
  parseFilter,
  parseTiming,
  readConversations,
  replay,
  replayHeader,
  replayLine,
  type ReplayPlan,
  replaySummary,
} from '../../jobs/replay';
import type { LabHostOptions } from '../../lab-host';
import { UsageError } from '../../support/usage-error';
import type { Target } from '../../target';
import { addLabOptions, labOptions } from '../options/lab-options';
import { choice, wholeNumber } from '../options/option-values';
import { addReportOptions, addTargetOptions, resolveSettings, type Settings } from '../options/options';
import { linesOf, takesStandardOutput } from '../output/listing';
import { counted, scrolls, whileTelling } from '../output/progress-line';
import { runJob } from '../pipeline/run-job';
import { type CliContext, EXIT, type Verb } from '../verb';

interface ReplayFlags {
  readonly raw?: boolean;
  readonly fresh?: boolean;
  readonly timing?: string;
  readonly connections?: ConnectionMode;
  readonly filter?: string;
  readonly port?: number;
  readonly strict?: boolean;
  readonly quiet?: boolean;
  readonly reset?: boolean;
}

/** `kmsspec replay`: sends a recorded capture's requests to the target and compares the answers. */
export const verb: Verb = {
  configure(command: Command): void {
    addLabOptions(addReportOptions(addTargetOptions(command)))
      .option(
        '--raw',
        'the recorded PDUs byte by byte, instead of the messages framed as the target negotiates',
      )
      .option('--fresh', 'new CMIDs (repeats stay repeats) and the time of now; MAC by --mac-key')
      .option('--timing <PACE>', 'fast (default), recorded, or xN: N times as fast as recorded')
      .addOption(
        choice('--connections <HOW>', 'recorded (default), each: one a request, or one', CONNECTION_MODES),
      )
      .option('--filter <TERMS>', "only these, such as 'index=0-9 product=win7' (also stream, cmid, version)")
      .option('--port <PORT>', 'read connections with this port, and no others', wholeNumber(1, 65_535))
      .option('--no-reset', 'do not reset the target first, where its controls could')
      .option('--strict', 'a warning about the capture is an error');
  },

  async run([file = ''], options, context): Promise<number> {
    const flags: ReplayFlags = options;
    const settings = await resolveSettings(options, context);
    const lab = labOptions(options, settings.target);
    if (flags.raw && flags.fresh) {
      throw new UsageError('--raw sends what was recorded and --fresh something new: choose one of them');
    }
    const pace = parseTiming(flags.timing ?? 'fast');
    const filter = flags.filter === undefined ? undefined : parseFilter(flags.filter);
    const recording = await read(file, flags, filter, context);
    try {
      return await sendAgain(recording, { file, flags, pace, settings, lab }, context);
    } finally {
      recording.close();
    }
  },
};

/** What the command line asks for beside the recording. */
interface Asked {
  readonly file: string;
  readonly flags: ReplayFlags;
  readonly pace: Pace;
  readonly settings: Settings;
  readonly lab: LabHostOptions;
}

/** @returns the exit code */
async function sendAgain(
  recording: Conversations,
  { file, flags, pace, settings, lab }: Asked,
  context: CliContext,
): Promise<number> {
  if (context.signal.aborted) {
    context.stderr.write('kmsspec: interrupted while the capture was read: nothing was sent\n');
    return EXIT.interrupted;
  }
  const { warnings } = recording.report;
  for (const line of warningLines(recording)) context.stderr.write(`${line}\n`);
  if (flags.strict && warnings.length > 0) return EXIT.usage;
  if (recording.size === 0) return nothingToReplay(file, recording, context);
  const { raw, fresh, connections, quiet } = flags;
  const { seed, keyGroup, config } = settings;
  const plan: ReplayPlan = {
    ...{ recording, name: file, raw, fresh, seed, pace, connections, keyGroup },
    intervals: config.intervals,
  };
  return runJob(
    { verb: 'replay', settings, context },
    {
      lab: { ...labLikeRecorded(plan), ...lab },
      example: flags.reset === false ? undefined : () => exampleOfReplay(plan),
      run: (host, listing) => {
        const say = (line: string): void => (quiet === true ? undefined : listing.text(`${line}\n`));
        say(`replaying ${escapeTerminal(file)} to ${describeTarget(host.target)}, seed ${seed}`);
        say(replayHeader());
        let answered = 0;
        const onRow = (...row: Parameters<typeof replayLine>): void => {
          answered++;
          say(replayLine(...row));
        };
        const told = counted('requests replayed', () => answered, recording.size);
        const silent = quiet === true || (scrolls(context) && !takesStandardOutput(settings));
        return whileTelling(context, silent, told, () =>
          replay(plan, host, { signal: context.signal, onRow }),
        );
      },
      text: ({ tally, sections }) =>
        quiet === true
          ? ''
          : linesOf([
              ...replaySummary(tally),
              ...(sections.replay.warnings ?? []).map((note) => `note: ${note}`),
            ]),
    },
  );
}

function read(
  file: string,
  { port }: ReplayFlags,
  filter: ExchangeFilter | undefined,
  context: CliContext,
): Promise<Conversations> {
  const source = file === '-' ? context.stdin : resolve(context.cwd, file);
  return readConversations(source, {
    name: file,
    signal: context.signal,
    filter,
    ...(port === undefined ? {} : { port }),
  });
}

function nothingToReplay(file: string, { held }: Conversations, { stderr }: CliContext): number {
  const why = held === 0 ? 'holds no KMS requests' : 'holds none that the filter lets through';
  stderr.write(`kmsspec: ${file} ${why}: nothing to replay (--port reads other ports)\n`);
  return EXIT.inconclusive;
}

const describeTarget = ({ embedded, description }: Target): string =>
  embedded ? `an embedded lab host, profile ${description.profile}` : description.address;

function warningLines({ report }: Conversations): string[] {
  return report.warnings.map(({ offset, message }) =>
    escapeTerminal(`kmsspec: ${report.file} at byte ${offset}: ${message}`),
  );
}
