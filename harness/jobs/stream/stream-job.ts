import type { KmsRequestInput } from '../../../protocol';
import type { JobEnd, JobOutcome } from '../../../reports/results/job-outcome';
import type { Trajectory } from '../../../reports/results/model';
import { HostFailure } from '../../client';
import { ExchangeWindow } from '../../client/exchange-window';
import { type Clock, systemClock } from '../../support/clock';
import { Random } from '../../support/random';
import { connectTarget } from '../../target/connect-target';
import { initialStateOf, type PreparedTarget } from '../../target/initial-state';
import { generate } from './generate';
import type { StreamProgram } from './notation';
import { playStream } from './play-stream';
import type { StreamEvent } from './stream-event';
import { streamRequest } from './stream-request';
import { TrajectoryCollector } from './trajectory';
import { judgeStream, type StreamCourse } from './verdict';

/** What a stream sends. */
export interface StreamPlan {
  /** See `parseStream`. */
  readonly program: StreamProgram;
  readonly seed: number;
  /** One connection for all requests, instead of one each as clients do. */
  readonly keep?: boolean | undefined;
  /** Stop after so many requests; for streams without an end. */
  readonly requests?: number | undefined;
}

/** Who hears of a stream while it runs, and what ends it. */
export interface StreamJobOptions {
  /** Ends the stream before its next request. */
  readonly signal?: AbortSignal | undefined;
  /** Told every request with its exchange, every control, and why the rest was not sent. */
  readonly onEvent?: (event: StreamEvent) => void;
}

/** What a stream came to: counts as answered and as expected, by request. */
export interface StreamJobOutcome extends JobOutcome {
  readonly sections: { readonly trajectory: Trajectory };
}

/** Steps that are played beforehand without sending. */
const REHEARSED_STEPS = 200_000;

/**
 * Sends a stream of requests to a target and judges each count by the model (result STREAM, section `trajectory`). A count that is
 * wrong fails it with the exchange as evidence; on a host whose history is not known a difference proves nothing.
 * @param host see `establishInitialState` for how a target with a history is emptied first
 * @throws StreamError where the stream cannot be played from its first request on; ControlFailure
 */
export async function runStream(
  plan: StreamPlan,
  host: PreparedTarget,
  { signal, onEvent }: StreamJobOptions = {},
): Promise<StreamJobOutcome> {
  const { target, observer } = host;
  const { isFresh, problem } = initialStateOf(host);
  const collector = new TrajectoryCollector();
  const window = new ExchangeWindow();
  const course: StreamCourse = { fresh: isFresh, unreset: problem, stopped: null, failure: null };
  const connected = connectTarget(target, { keep: plan.keep === true, observer });
  try {
    for await (const event of playStream({
      host: connected,
      program: plan.program,
      seed: plan.seed,
      profile: target.profile,
      clock: systemClock,
      keyGroup: target.keyGroup ?? 'any',
      ...(signal === undefined ? {} : { signal }),
    })) {
      if (event.kind === 'stopped') course.stopped = event.reason;
      if (event.kind === 'point') {
        const { point, exchange } = event;
        course.fresh ||= point.index === 0 && point.expected !== null && point.answered === point.expected;
        collector.add(point);
        window.add(exchange, point.difference, 'difference');
      }
      onEvent?.(event);
      if (collector.requests >= (plan.requests ?? Infinity)) break;
    }
  } catch (error) {
    if (!(error instanceof HostFailure)) throw error;
    course.failure = error;
    window.add(error, error.message, 'failure');
  } finally {
    await connected.close();
  }
  const evidence = window.evidence();
  return {
    results: [
      {
        ...judgeStream(collector, course, target.profile),
        ...(evidence.length === 0 ? {} : { evidence }),
      },
    ],
    sections: { trajectory: collector.trajectory() },
    ended: endOf(course, collector.requests, signal),
  };
}

/**
 * Plays a stream without sending it, so that one that cannot be played sends nothing.
 * @returns the first request that is going to be sent; null where none is within reach
 * @throws StreamError
 */
export function rehearseStream(
  { program, seed, requests = REHEARSED_STEPS }: StreamPlan,
  clock: Clock = systemClock,
): KmsRequestInput | null {
  let steps = 0;
  let first: KmsRequestInput | null = null;
  const limit = Math.min(requests, REHEARSED_STEPS);
  for (const step of generate(program, { random: new Random(seed) })) {
    const request = step.kind === 'parallel' ? step.requests[0] : step;
    steps += step.kind === 'parallel' ? step.requests.length : 1;
    if (request?.kind === 'request') first ??= streamRequest(request, clock.now());
    if (steps >= limit) break;
  }
  return first;
}

function endOf(
  { stopped, failure }: StreamCourse,
  requests: number,
  signal: AbortSignal | undefined,
): JobEnd | undefined {
  if (failure?.kind === 'interrupted') return { how: 'interrupted', message: failure.message };
  if (failure !== null) {
    return {
      how: requests === 0 ? 'target-unreachable' : 'target-died',
      message: failure.message,
      failure,
    };
  }
  return signal?.aborted === true && stopped !== null ? { how: 'interrupted', message: stopped } : undefined;
}
