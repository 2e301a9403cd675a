import { setImmediate } from 'node:timers/promises';
import { type Answer, type KeyGroupSetting, type Product, product } from '../../protocol';
import { type AskedHost, countOf } from '../asked-host';
import type { Clock } from '../clock';
import { describeAnswer } from '../describe-answer';
import { formatDuration } from '../duration';
import type { Profile } from '../model/profile';
import { Random } from '../random';
import { type Expectation, StreamModel } from './expectation';
import { explainDifference } from './explain';
import { describeRequest, generate, type StreamRequest, type StreamStep } from './generate';
import type { StreamProgram } from './notation';
import { StreamError } from './stream-error';
import { streamRequest } from './stream-request';

export interface StreamRunOptions {
  readonly host: AskedHost;
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

/** One request of a stream with what came back. Its machine changes in later steps: read it before asking for the next point. */
export interface StreamPoint {
  readonly index: number;
  readonly request: StreamRequest;
  /** Null where no count came. */
  readonly answered: number | null;
  /** Null where the host must refuse this product. */
  readonly expected: number | null;
  /** Places of the host after this request, by the model. */
  readonly capacity: number;
  /** What came instead of a count. */
  readonly note: string | null;
  /** Set where the answer is not what the model says: why, and what the host seems to have done. */
  readonly difference: string | null;
  /** A record is within seconds of its 30 days, so that a difference proves nothing. */
  readonly onTheEdge: boolean;
}

export type StreamEvent =
  | { readonly kind: 'point'; readonly point: StreamPoint }
  /** A wait or a control that was carried out. */
  | { readonly kind: 'control'; readonly what: string }
  /** The rest of the stream was not sent, and why. */
  | { readonly kind: 'stopped'; readonly reason: string };

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
export async function* runStream(options: StreamRunOptions): AsyncGenerator<StreamEvent, void, void> {
  const run = new StreamRun(options);
  const { program, seed, park, signal } = options;
  const steps = generate(program, {
    random: new Random(seed),
    ...(park === undefined ? {} : { park }),
  });
  try {
    for (const step of steps) {
      if (signal?.aborted) return yield { kind: 'stopped', reason: 'interrupted' };
      if (step.kind === 'request') {
        yield { kind: 'point', point: await run.send(step) };
        continue;
      }
      const event = await run.control(step);
      yield event;
      if (event.kind === 'stopped') return;
      await setImmediate(); // a control in process takes no time: millions of them would let no interrupt in
    }
  } catch (error) {
    if (!(error instanceof StreamError) || run.sent === 0) throw error;
    yield restNotSent(error);
  }
}

class StreamRun {
  readonly #model: StreamModel;
  readonly #host: AskedHost;
  #aheadMs = 0;
  #index = 0;

  constructor(private readonly options: StreamRunOptions) {
    this.#host = options.host;
    this.#model = new StreamModel(options.profile);
  }

  /** Requests that were answered. */
  get sent(): number {
    return this.#index;
  }

  async send(request: StreamRequest): Promise<StreamPoint> {
    const { machine } = request;
    const nowMs = this.options.clock.now() + this.#aheadMs;
    const answer = await this.#host.activate(streamRequest(request, nowMs));
    const answered = countOf(answer);
    if (!isGranted(product(machine.type.product), this.options.keyGroup ?? 'any')) {
      return this.#refusable(request, answer, answered);
    }
    const { requiredClientCount } = product(machine.type.product);
    if (answered !== null) machine.licensed = answered >= requiredClientCount;
    const expected = this.#model.grant(machine, nowMs);
    return this.#point(request, answer, answered, expected);
  }

  async control(step: Exclude<StreamStep, StreamRequest>): Promise<StreamEvent> {
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
      return { kind: 'control', what: `the host's clock is set ${wait} forward` };
    }
    const control = host[step.control];
    if (control === null) return stopped(step.control, `it cannot be made to ${step.control}`, step.control);
    await control();
    this.#model[step.control]();
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

const isGranted = (asked: Product, keyGroup: KeyGroupSetting): boolean =>
  keyGroup === 'any' || asked.keyGroups.includes(keyGroup);
