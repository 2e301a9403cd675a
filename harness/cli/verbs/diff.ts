import type { Command } from 'commander';
import { dirname, resolve } from 'node:path';
import { KEY_GROUPS } from '../../../protocol';
import { CATALOGUE } from '../../../scenarios/catalogue';
import type { BaselineUse } from '../../baseline/known-outcomes';
import { CASE_LEVELS, type CaseLevel } from '../../cases/case';
import {
  diff,
  diffAgain,
  type DiffHost,
  type DiffPlan,
  type DiffProgress,
  loadDifference,
  type SavedDifference,
} from '../../jobs/diff';
import { lockOutput } from '../../support/output-lock';
import { UsageError } from '../../support/usage-error';
import type { TargetDescription } from '../../target';
import { againLines, placeOf } from '../diff/again';
import { commandWords } from '../diff/command-words';
import { diffLines } from '../diff/diff-lines';
import { openHost } from '../diff/hosts';
import { caseLevels } from '../options/case-levels';
import { choice, collect, duration, wholeNumber } from '../options/option-values';
import { addBeside, addOfTarget } from '../options/given-options';
import { addReportOptions, resolveSettings, type Settings } from '../options/options';
import { linesOf, takesStandardOutput } from '../output/listing';
import { ProgressLine } from '../output/progress-line';
import { report } from '../pipeline/run-job';
import { schemaComment } from '../reference/schema-files';
import type { CliContext, Verb } from '../verb';

const DEFAULT_RUNS = 2000;
const MAX_TIMEOUT_MS = 3_600_000;
const MAX_SEED = 0x7fff_ffff;

interface DiffFlags {
  readonly runs?: number;
  readonly time?: number;
  readonly levels?: readonly CaseLevel[];
  readonly corpus?: string;
  readonly ignore?: readonly string[];
  readonly timing?: boolean;
  readonly out?: string;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  readonly stopOnDifference?: boolean;
  readonly replay?: string;
  readonly attempts: number;
  readonly quiet?: boolean;
}

/** `kmsspec diff`: the same conversations with two hosts, their answers compared. */
export const verb: Verb = {
  configure(command: Command): void {
    addComparisonOptions(addReportOptions(addHostOptions(command))).addHelpText(
      'after',
      '\nA and B are HOST[:PORT], a configuration file (kmsspec.yaml) with a target and its controls, or lab[:WORD,...] for a lab host of this process: its faults, habits, profile=NAME, key-group=NAME, ndr64=off, check-clock, check-mac.\nThe exit code is 0 where they are alike, 1 where they differ, 3 where one was lost.',
    );
  },

  async run(args, options, context): Promise<number> {
    const flags = options as unknown as DiffFlags;
    if (flags.updateBaseline === true && flags.baseline === undefined)
      throw new UsageError('--update-baseline needs --baseline FILE');
    const names = [args[0]!, args[1]!] as const;
    const settings = await resolveSettings({ ...options, config: false }, context);
    const plan = {
      ...planOf(flags, settings, context),
      words: commandWords(names, context.given ?? [], context.cwd),
    };
    const place = flags.replay === undefined ? null : placeOf(flags.replay, flags.out, context.cwd);
    const saved = place === null ? null : { ...(await loadDifference(place)), place };
    const lock = plan.out === undefined ? null : await lockOutput(plan.out);
    try {
      const hosts = await openBoth(names, settings, context);
      try {
        const around = { flags, settings, context };
        return saved === null ? await compared(plan, hosts, around) : await again(saved, plan, hosts, around);
      } finally {
        await Promise.all(hosts.map(({ target }) => target.close()));
      }
    } finally {
      await lock?.release();
    }
  },
};

function addHostOptions(command: Command): Command {
  addOfTarget(command, (to) =>
    to
      .option(
        '--profile <NAME>',
        'of hosts without a configuration: win7-2008r2 (default), vista-2008, or a file',
      )
      .addOption(choice('--key-group <NAME>', 'key group of such hosts', [...KEY_GROUPS, 'any']))
      .option('--mac-key <FILE>', 'key for the MAC of hosts other than lab: 20 bytes in hex; never shown')
      .option('--allow-remote', 'send to hosts that are not this machine, and change their counts')
      .option(
        '--timeout <MS>',
        'for each answer; 15000, the time to live of a request',
        wholeNumber(1, MAX_TIMEOUT_MS, 'milliseconds'),
      ),
  );
  return addBeside(command, (to) =>
    to.option('--seed <N>', 'all randomness comes from it', wholeNumber(0, MAX_SEED)),
  );
}

/** What is sent and compared, and where differences go. */
function addComparisonOptions(command: Command): Command {
  command
    .option('--runs <N>', `drawn cases; ${DEFAULT_RUNS} unless --time is given`, wholeNumber(0, 1e12))
    .option('--time <DURATION>', 'how long, such as 30s, 10m or 8h', duration)
    .option('--levels <NAMES>', `what is varied: ${CASE_LEVELS.join(',')}`, caseLevels)
    .option('--corpus <DIR>', 'captures whose requests are sent to both, as they were and changed')
    .option('--ignore <FIELDS>', 'fields that may differ (response.renewalIntervalMinutes; several)', collect)
    .option('--timing', 'tell where one host takes clearly longer')
    .option('--stop-on-difference', 'end at the first difference');
  return addBeside(command, (to) =>
    to
      .option('--out <DIR>', 'folder for differences, each with the captures of both sides')
      .option('--baseline <FILE>', 'known differences, each with a reason: only another one fails')
      .option('--update-baseline', 'write what differs into the baseline; reasons that are there stay')
      .option('--replay <WHAT>', 'show a saved difference again: its folder, or its id in that of --out')
      .option('--attempts <N>', 'how often --replay tries', wholeNumber(1, 1000), 10),
  );
}

function planOf(flags: DiffFlags, { seed, timeoutMs }: Settings, { cwd }: CliContext): DiffPlan {
  const { runs, time, corpus, out, baseline, updateBaseline } = flags;
  const at = (path: string): string => resolve(cwd, path);
  return {
    ...{ seed, timeoutMs, clauses: CATALOGUE },
    levels: flags.levels ?? CASE_LEVELS,
    corpus: corpus === undefined ? null : at(corpus),
    runs: runs ?? (time === undefined ? DEFAULT_RUNS : null),
    milliseconds: time === undefined ? null : time * 1000,
    ignore: flags.ignore ?? [],
    timing: flags.timing === true,
    stopOnDifference: flags.stopOnDifference === true,
    ...(out === undefined ? {} : { out: at(out), shownOut: out }),
    ...(baseline === undefined ? {} : { baseline: baselineUse(at(baseline), updateBaseline) }),
  };
}

const baselineUse = (file: string, update = false): BaselineUse => ({
  ...{ file, update, today: new Date().toISOString().slice(0, 10) },
  heading: schemaComment('baseline', dirname(file)),
});

async function openBoth(
  [a, b]: readonly [string, string],
  settings: Settings,
  context: CliContext,
): Promise<readonly [DiffHost, DiffHost]> {
  const first = await openHost(a, settings, context);
  try {
    return [first, await openHost(b, settings, context)];
  } catch (error) {
    await first.target.close();
    throw error;
  }
}

interface Around {
  readonly flags: DiffFlags;
  readonly settings: Settings;
  readonly context: CliContext;
}

async function compared(
  plan: DiffPlan,
  [a, b]: readonly [DiffHost, DiffHost],
  { flags, settings, context }: Around,
): Promise<number> {
  const startedAt = new Date();
  const { signal, stderr } = context;
  if (flags.quiet !== true) stderr.write(`kmsspec: comparing with seed ${settings.seed}\n`);
  const progress = new ProgressLine(context, flags.quiet === true || takesStandardOutput(settings));
  let latest: DiffProgress = { cases: 0, differences: 0 };
  progress.follow(() => `${latest.cases} conversations, ${latest.differences} differences`);
  const outcome = await diff(plan, a, b, {
    signal,
    onFound: ({ id, difference }) => progress.say(`${id}: ${difference.a} | ${difference.b}`),
    onProgress: (now) => (latest = now),
  }).finally(() => progress.end());
  const target = bothDescribed(a, b);
  return report({ verb: 'diff', settings, context, startedAt, target }, outcome, {
    text: (found, written) => linesOf(diffLines(written, found, [a.name, b.name])),
  });
}

/** A saved difference, shown again. */
async function again(
  { place, ...saved }: SavedDifference & { readonly place: string },
  plan: DiffPlan,
  [a, b]: readonly [DiffHost, DiffHost],
  { flags: { attempts }, settings, context }: Around,
): Promise<number> {
  const startedAt = new Date();
  const outcome = await diffAgain(saved, plan, [a, b], { place, attempts, signal: context.signal });
  return report({ verb: 'diff', settings, context, startedAt, target: bothDescribed(a, b) }, outcome, {
    text: (tried, written) => linesOf(againLines(written, tried, [a.name, b.name])),
  });
}

/** Both as the one target that a report has. */
function bothDescribed(a: DiffHost, b: DiffHost): TargetDescription {
  const [one, other] = [a.target.description, b.target.description];
  return {
    address: `${a.name} and ${b.name}`,
    embedded: one.embedded && other.embedded,
    profile: one.profile === other.profile ? one.profile : `${one.profile} and ${other.profile}`,
    controls: one.controls.filter((control) => other.controls.includes(control)),
  };
}
