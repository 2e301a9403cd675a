import type { Ending, Report, Result } from './model';

/** What a job says of the host in one point. Who runs the job adds how long it took and the command line that does it again. */
export type Verdict = Omit<Result, 'durationMs' | 'suite' | 'repeat'>;

/** The parts of a report beside its results. */
export type Sections = Pick<
  Report,
  'trajectory' | 'latency' | 'coverage' | 'findings' | 'fleet' | 'discovery' | 'replay'
>;

/** How a job ended. */
export interface JobEnd {
  readonly how: Ending;
  /** Why it ended before its time. */
  readonly message?: string | undefined;
  /** Requirements whose scenarios the host died of, by a crash or a hang, whether it came back or not. */
  readonly diedIn?: readonly string[];
  /** What the host did to end it, where it was one request that failed. */
  readonly failure?: Error | undefined;
}

/** What every job comes to, judged: a report without who ran it, where and when. */
export interface JobOutcome {
  /** Verdicts, or whole results of what was timed one by one. */
  readonly results: readonly (Verdict | Result)[];
  readonly sections: Sections;
  /** Undefined, too, where it went to its end. */
  readonly ended?: JobEnd | undefined;
  readonly warnings?: readonly string[];
}
