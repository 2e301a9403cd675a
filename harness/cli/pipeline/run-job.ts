import type { KmsRequestInput } from '../../../protocol';
import { exitCode } from '../../../reports/results/exit-code';
import type { JobOutcome } from '../../../reports/results/job-outcome';
import type { Report } from '../../../reports/results/model';
import type { LabHostOptions } from '../../lab-host';
import type { Target } from '../../target';
import { AS_FOUND, establishInitialState, type PreparedTarget } from '../../target/initial-state';
import { describeError } from '../output/describe-error';
import { jobReport, type JobRun } from '../output/job-report';
import { Listing } from '../output/listing';
import { withVerdict } from '../output/lost-output';
import { writeReports } from '../output/report-files';
import { withTarget } from './with-target';

/** What one verb does to a target, and what people read of it. */
export interface TargetJob<O extends JobOutcome> {
  /** For the embedded host, over what the settings say. */
  readonly lab?: LabHostOptions;
  /**
   * A request such as the job is going to send, by which the reset before it is seen to work; null where none is known.
   * Without it the target is left as it stands.
   */
  readonly example?: ((target: Target) => KmsRequestInput | null) | undefined;
  run(host: PreparedTarget, listing: Listing): Promise<O>;
  /** What people read when it is over, on standard output. */
  text(outcome: O, report: Report): string;
}

/** Whose command line it is, apart from when it began. */
export type VerbRun = Pick<JobRun, 'verb' | 'settings' | 'context'>;

/**
 * The way of every verb that sends to a target: opens it, brings it to its initial state, does the job, and reports.
 * @returns the exit code
 */
export function runJob<O extends JobOutcome>(run: VerbRun, job: TargetJob<O>): Promise<number> {
  const { settings, context } = run;
  const reported = async ({ target, observer }: PreparedTarget): Promise<number> => {
    const startedAt = new Date();
    const listing = new Listing(context, settings);
    const initialState =
      job.example === undefined
        ? { ...AS_FOUND, isFresh: target.embedded }
        : await establishInitialState(target, job.example(target), settings.seed);
    const outcome = await job.run({ target, observer, initialState }, listing);
    return report({ ...run, startedAt, target: target.description }, outcome, job, listing);
  };
  return withTarget(settings, context, reported, job.lab);
}

/**
 * The end of every verb that judges: the report in all forms, what people read, the exit code.
 * @param listing what was shown of it so far
 */
export async function report<O extends JobOutcome>(
  run: JobRun,
  outcome: O,
  { text }: Pick<TargetJob<O>, 'text'>,
  listing = new Listing(run.context, run.settings),
): Promise<number> {
  const { settings, context } = run;
  const written = jobReport(run, outcome);
  tellLoss(outcome, run);
  const code = exitCode(written);
  try {
    await writeReports(written, settings, context);
  } catch (error) {
    throw withVerdict(error, code);
  } finally {
    listing.text(text(outcome, written));
  }
  return code;
}

/** A target that was lost is told on standard error, with what to do about it; a host that died of fuzzing is a finding. */
function tellLoss({ ended }: JobOutcome, { context, verb }: JobRun): void {
  if (ended === undefined || !ended.how.startsWith('target-') || verb === 'fuzz') return;
  const { failure, message } = ended;
  const told = failure === undefined ? message : describeError(failure, context.limits?.met).message;
  context.stderr.write(`kmsspec: ${told}\n`);
}
