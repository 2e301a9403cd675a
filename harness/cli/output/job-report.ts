import { commandLine } from '../../../reports/results/command-line';
import type { JobOutcome, Verdict } from '../../../reports/results/job-outcome';
import type { Ending, Report, Result } from '../../../reports/results/model';
import { REPORT_SCHEMA } from '../../../reports/results/report-version';
import { summarise } from '../../../reports/results/summary';
import { notSufficient } from '../../support/local-limits';
import type { TargetDescription } from '../../target';
import type { Settings } from '../options/options';
import type { CliContext } from '../verb';
import { toolOf } from './tool';

/** Whose job it was: the command line that ran it, against what, and since when. */
export interface JobRun {
  readonly verb: string;
  readonly settings: Settings;
  readonly context: CliContext;
  readonly target: TargetDescription;
  readonly startedAt: Date;
}

/** The report of a job: what it came to, with who ran it, when, and how it is run again. */
export function jobReport(run: JobRun, outcome: JobOutcome): Report {
  const { verb, settings, context, target, startedAt } = run;
  const { ended, warnings = [] } = outcome;
  const durationMs = Date.now() - startedAt.getTime();
  const argv = context.argv ?? [verb];
  const repeat = commandLine(['kmsspec', ...withSeed(argv, settings)]);
  const limits = context.limits?.met ?? [];
  const results = outcome.results
    .map((result) => whole(result, durationMs, repeat))
    .map((result) => (limits.length === 0 || verb === 'run' ? result : beyondLimits(result, limits)));
  return {
    schema: REPORT_SCHEMA,
    tool: toolOf(),
    run: {
      startedAt: startedAt.toISOString(),
      durationMs,
      seed: settings.seed,
      shard: settings.shard === null ? null : { ...settings.shard },
      command: commandLine(['kmsspec', ...argv]),
      verb,
      ...(settings.label === undefined ? {} : { label: settings.label }),
      failOn: [...settings.failOn],
      ...(ended === undefined ? {} : { ended: endingOf(ended.how, context.signal) }),
      ...(ended?.message === undefined ? {} : { endedMessage: ended.message }),
      ...((ended?.diedIn ?? []).length === 0 ? {} : { diedIn: [...ended!.diedIn!] }),
      ...(warnings.length + limits.length === 0
        ? {}
        : { warnings: [...warnings, ...limits.map(limitInWords)] }),
      ...(limits.length === 0 ? {} : { limits: [...limits] }),
    },
    target,
    summary: summarise(results),
    results,
    ...outcome.sections,
  };
}

/** A job knows that it was to end; by which signal, the command line does. */
const endingOf = (how: Ending, { reason }: AbortSignal): Ending =>
  how === 'interrupted' && reason === 'SIGTERM' ? 'terminated' : how;

/** A verdict on the whole run took its time, and is repeated by its command line. */
const whole = (result: Verdict | Result, durationMs: number, repeat: string): Result =>
  'durationMs' in result ? result : { ...result, suite: result.id, durationMs, repeat };

const limitInWords = (limit: string): string =>
  `${notSufficient([limit])}; what failed behind that is not judged`;

/** A verdict on the whole run is none where the machine that ran it was the limit. */
function beyondLimits(result: Result, limits: readonly string[]): Result {
  if (result.outcome !== 'failed') return result;
  const reason = `${notSufficient(limits)}; ${result.message ?? 'it failed'}`;
  return { ...result, outcome: 'inconclusive', reason };
}

/** A seed that was drawn is named, so that the line repeats the run. */
function withSeed(argv: readonly string[], { seed, seedGiven }: Settings): readonly string[] {
  return seedGiven ? argv : [...argv, '--seed', String(seed)];
}
