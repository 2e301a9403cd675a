import { setImmediate } from 'node:timers/promises';
import { type Answer, type KeyGroupSetting, product } from '../../../protocol';
import { type HostClient, countOf } from '../../client/host-client';
import type { Clock } from '../../support/clock';
import { describeAnswer } from '../../../protocol/describe-answer';
import { formatDuration } from '../../support/duration';
import { isGranted } from '../../model/decide-grant';
import type { Profile } from '../../model/profile';
import { Random } from '../../support/random';
import { type Expectation, ExpectedCounts } from '../../model/expectation';
import { explainDifference } from '../../model/explain-difference';
import { describeRequest, generate, type StreamRequest, type StreamStep } from './generate';
import { hasParallel, type StreamProgram } from './notation';
import { OrderedCounts } from './ordered-counts';
import { overlappingPoints } from './parallel';
import { StreamError } from './stream-error';
import type { StreamEvent, StreamPoint } from './stream-event';
import { streamRequest } from './stream-request';

/** A stream, the host that it is sent to, and what the answers are expected by. */
export interface PlayStreamOptions {
  readonly host: HostClient;
  readonly program: StreamProgram;
  readonly seed: number;
  readonly profile: Profile;
  /** What runs along with the host's clock; what `wait` sets forward is added to it. */
  readonly clock: Clock;
  /** The host's key group: products that it does not grant must be refused. `any` unless told. */
  readonly keyGroup?: KeyGroupSetting;
  /** Machines that are remembered for renewals; see `generate`. */
  readonly park?: number;
  /** Ends the stream before its next request. */
  readonly signal?: AbortSignal;
}

/**
 * A wait is this much longer than it says: `wait(30d)` means that the records before it are past their 30 days, and the
 * host's clock and ours differ by milliseconds.
 */
const PAST_THE_EDGE_SECONDS = 1;

/** How far the waits of one stream may set the clock forward in all: FILETIME and Date go on for longer, but not for ever. */
const MAX_AHEAD_YEARS = 1000;
const MAX_AHEAD_MS = MAX_AHEAD_YEARS * 365 * 86_400_000;

/**
 * Sends a stream, one request after the other, beside the counting model. Nothing is kept: memory stays flat however long
 * the stream is.
 * @throws HostFailure where the host fails to answer; StreamError where the stream cannot be played from its first request on
 */
export async function* playStream(options: PlayStreamOptions): AsyncGenerator<StreamEvent, void, void> {
  const run = new StreamRun(options);
  const { program, seed, park, signal } = options;
  const steps = generate(program, {
    random: new Random(seed),
    ...(park === undefined ? {} : { park }),
  });
  try {
    for (const step of steps) {
      if (signal?.aborted) return yield { kind: 'stopped', reason: 'interrupted' };
      if (step.kind === 'request' || step.kind === 'parallel') {
        yield* await run.send(step.kind === 'request' ? [step] : step.requests);
        continue;
      }
      const event = await run.control(step);
      yield event;
      if (event.kind === 'stopped') return;
      await setImmediate(); // a control in process takes no time: millions of them would let no interrupt in
    }
    if (run.unjudged > 0) yield { kind: 'stopped', reason: unjudgedReason(run.unjudged) };
  } catch (error) {
    if (!(error instanceof StreamError) || run.sent === 0) throw error;
    yield restNotSent(error);
  }
}

class StreamRun {
  readonly #model: ExpectedCounts;
  readonly #host: HostClient;
  /** Judges the whole stream where some of its requests overlap. */
  readonly #ordered: OrderedCounts | null;
  #aheadMs = 0;
  #index = 0;

  constructor(private readonly options: PlayStreamOptions) {
    this.#host = options.host;
    this.#model = new ExpectedCounts(options.profile);
    this.#ordered = hasParallel(options.program.items) ? new OrderedCounts(options.profile) : null;
  }

  /** Answers that could not be judged. */
  get unjudged(): number {
    return this.#ordered?.unjudged ?? 0;
  }

  /** Requests that were answered. */
  get sent(): number {
    return this.#index;
  }

  /** Sends one request, or several at the same time. */
  async send(requests: readonly StreamRequest[]): Promise<StreamEvent[]> {
    const nowMs = this.options.clock.now() + this.#aheadMs;
    const messages = requests.map((request) => streamRequest(request, nowMs));
    const replies = await Promise.all(messages.map((message) => this.#host.activate(message)));
    const answers = replies.map(({ answer }) => answer);
    const points = await this.#judgeAll(requests, answers, nowMs);
    return points.map((point, i) => ({ kind: 'point', point, exchange: replies[i]!.exchange }));
  }

  async #judgeAll(
    requests: readonly StreamRequest[],
    answers: readonly Answer[],
    nowMs: number,
  ): Promise<StreamPoint[]> {
    if (this.#ordered === null) return requests.map((request, i) => this.#judge(request, answers[i]!, nowMs));
    const isOurs = ({ machine }: StreamRequest): boolean =>
      isGranted(product(machine.type.product), this.options.keyGroup ?? 'any');
    const granted = requests.flatMap((request, i) => (isOurs(request) ? [i] : []));
    const refusable = requests.flatMap((request, i) =>
      isOurs(request) ? [] : [this.#refusable(request, answers[i]!, countOf(answers[i]!))],
    );
    const overlapping = await overlappingPoints(
      granted.map((i) => requests[i]!),
      granted.map((i) => answers[i]!),
      this.#ordered,
      this.#index,
      this.options.signal,
    );
    this.#index += overlapping.length;
    return [...refusable, ...overlapping];
  }

  #judge(request: StreamRequest, answer: Answer, nowMs: number): StreamPoint {
    const { machine } = request;
    const answered = countOf(answer);
    if (!isGranted(product(machine.type.product), this.options.keyGroup ?? 'any')) {
      return this.#refusable(request, answer, answered);
    }
    const { requiredClientCount } = product(machine.type.product);
    if (answered !== null) machine.licensed = answered >= requiredClientCount;
    const expected = this.#model.granted(machine, answered, nowMs)!;
    return this.#point(request, answer, answered, expected);
  }

  async control(step: Exclude<StreamStep, StreamRequest | { kind: 'parallel' }>): Promise<StreamEvent> {
    const host = this.#host;
    if (step.kind === 'wait') {
      const wait = formatDuration(step.seconds);
      if (host.advanceClock === null)
        return stopped(`wait(${wait})`, 'its clock cannot be set', 'advanceClock');
      const seconds = step.seconds + PAST_THE_EDGE_SECONDS;
      if (this.#aheadMs + seconds * 1000 > MAX_AHEAD_MS) return tooFarAhead(wait);
      await host.advanceClock(seconds);
      this.#aheadMs += seconds * 1000;
      this.#model.timeMoved();
      this.#ordered?.wait(seconds);
      return { kind: 'control', what: `the host's clock is set ${wait} forward` };
    }
    const control = host[step.control];
    if (control === null) return stopped(step.control, `it cannot be made to ${step.control}`, step.control);
    await control();
    this.#model[step.control]();
    this.#ordered?.[step.control]();
    return {
      kind: 'control',
      what: step.control === 'reset' ? 'the host is reset' : 'the host is restarted',
    };
  }

  #point(
    request: StreamRequest,
    answer: Answer,
    answered: number | null,
    expected: Expectation,
  ): StreamPoint {
    return {
      index: this.#index++,
      request,
      answered,
      expected: expected.count,
      capacity: expected.capacity,
      note: answered === null ? describeAnswer(answer) : null,
      difference:
        answered === expected.count
          ? null
          : explainDifference(
              describeRequest(request),
              product(request.machine.type.product).requiredClientCount,
              answered,
              expected,
            ),
      onTheEdge: expected.onTheEdge,
    };
  }

  /** A product beyond the host's key group: right is a refusal, and nothing is counted. */
  #refusable(request: StreamRequest, answer: Answer, answered: number | null): StreamPoint {
    const { keyGroup } = this.options;
    const wrong = `the host's key group ${keyGroup} does not grant ${request.machine.type.product}, yet it answered ${answered}`;
    return {
      index: this.#index++,
      request,
      answered,
      expected: null,
      capacity: this.#model.capacity(request.machine),
      note: answered === null ? describeAnswer(answer) : null,
      difference: answered === null ? null : wrong,
      onTheEdge: false,
    };
  }
}

/** A part that shows only on the way, such as the renewal of a machine that is forgotten by then: what was sent is kept. */
function restNotSent({ at, problem }: StreamError): StreamEvent {
  return {
    kind: 'stopped',
    reason: `the rest, from character ${at + 1} of the notation on, is not checked: ${problem}`,
  };
}

const unjudgedReason = (answers: number): string =>
  `${answers} answers could not be held against what was known of the host by then`;

function tooFarAhead(wait: string): StreamEvent {
  const reason = `wait(${wait}) and all behind it is not checked: the waits of a stream make at most ${MAX_AHEAD_YEARS} years in all`;
  return { kind: 'stopped', reason };
}

function stopped(step: string, why: string, control: string): StreamEvent {
  return {
    kind: 'stopped',
    reason: `${step} and all behind it is not checked: the harness has no control over this target, so that ${why} (controls.${control} in the configuration)`,
  };
}
