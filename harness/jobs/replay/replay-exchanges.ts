import {
  decodeRequest,
  type Exchange,
  type KmsRequest,
  type KeyGroupSetting,
  ProtocolError,
} from '../../../protocol';
import { type ConnectionObserver, HostFailure, isUnreachable, type KmsClient } from '../../client';
import type { Random } from '../../support/random';
import type { Target } from '../../target';
import {
  compareAnswers,
  compareFailure,
  type Comparison,
  type ComparisonSetting,
  notComparable,
} from './compare';
import { ModelHost } from './expectation';
import { Freshener } from './fresh';
import { type TargetLoss, TargetWatch } from './lost-target';
import { RawSender } from './raw';
import type { RecordedRequest } from './reading';
import { BoundsKeeper, type ReplayBounds } from './replay-bounds';
import type { ReplayRow } from './replay-row';
import { ReplayTally } from './replay-tally';
import { type ConnectionMode, MessageSender } from './sender';
import { type ExchangeSource, type Survey, surveyOf } from './survey';
import { Pacer, type Pace } from './timing';
import { MachineNames } from './words';

/** What to send again, to whom, at which pace, and what to expect. */
export interface ReplayExchangesOptions {
  /** What to send, in the order of recording. It is read twice, once where `survey` is given. */
  readonly exchanges: ExchangeSource;
  /** What is known of them. */
  readonly survey?: Survey | undefined;
  readonly target: Target;
  readonly observer?: ConnectionObserver | undefined;
  readonly pace?: Pace;
  readonly connections?: ConnectionMode;
  /** The same with the PDUs that led to each: every PDU goes byte by byte, binds too. */
  readonly raw?: AsyncIterable<RecordedRequest> | undefined;
  /** Told of what does not show in an answer. */
  readonly warn?: (message: string) => void;
  /** New CMIDs and times, drawn from this; without it every message goes as it was recorded. */
  readonly fresh?: Random | undefined;
  /** What the model grants. */
  readonly keyGroup: KeyGroupSetting;
  /** The target has counted nothing yet. */
  readonly targetIsFresh: boolean;
  readonly intervals?: ComparisonSetting['intervals'];
  readonly signal?: AbortSignal;
  /** Called for each exchange as it is done. */
  readonly onRow?: (row: ReplayRow, before: ReplayRow | undefined) => void;
}

/** What became of the exchanges that were sent again, and how it ended. */
export interface ReplayOutcome {
  readonly tally: ReplayTally;
  readonly ended: 'complete' | TargetLoss['ended'] | 'interrupted';
  /** Why it ended before its time. */
  readonly message: string | null;
}

/** A gap in the recording that bears on the records of a host; its clock is set ahead where that can be done to it. */
const CLOCK_GAP_MS = 60_000;

/**
 * Sends what was recorded to the target, one request after the other, and compares the answers.
 * @throws CaptureError where the recording cannot be read again as it was
 */
export async function replayExchanges(options: ReplayExchangesOptions): Promise<ReplayOutcome> {
  const { exchanges, target, signal, keyGroup } = options;
  const survey = options.survey ?? (await surveyOf(exchanges, target.profile, keyGroup, signal));
  const tally = new ReplayTally(survey.asked);
  const watch = new TargetWatch();
  const client = target.client({ observer: options.observer });
  const run = new Run(options, survey, client);
  const interrupted = { tally, ended: 'interrupted', message: 'interrupted' } as const;
  try {
    if (signal?.aborted) return interrupted;
    for await (const read of options.raw ?? exchanges) {
      const request = 'exchange' in read ? read : { exchange: read, turns: [] };
      await run.wait(request.exchange);
      if (signal?.aborted) return interrupted;
      const row = await run.send(request);
      if (signal?.aborted) return interrupted;
      options.onRow?.(row, tally.last ?? undefined);
      tally.add(row);
      const lost = watch.take(row);
      if (lost !== null) return { tally, ...lost };
    }
    return { tally, ended: 'complete', message: null };
  } finally {
    await client.close();
  }
}

class Run {
  readonly #model: ModelHost;
  readonly #bounds: BoundsKeeper;
  readonly #names = new MachineNames();
  readonly #pacer: Pacer;
  readonly #sender: (recorded: RecordedRequest, message: Uint8Array) => Promise<Exchange>;
  readonly #freshener: Freshener | null;
  readonly #setting: Omit<ComparisonSetting, 'sent'>;
  #clockNs: bigint | null = null;

  constructor(
    private readonly options: ReplayExchangesOptions,
    { asked, onConnection, beganFresh }: Survey,
    client: KmsClient,
  ) {
    const { target, keyGroup, fresh } = options;
    this.#model = new ModelHost(target.profile, keyGroup);
    this.#bounds = new BoundsKeeper(target.profile, options.targetIsFresh, target.embedded);
    this.#pacer = new Pacer(options.pace ?? Infinity, options.signal);
    if (options.raw === undefined) {
      const sender = new MessageSender(client, options.connections ?? 'recorded', asked, onConnection);
      this.#sender = ({ exchange }, message) => sender.send(exchange, message);
    } else {
      const sender = new RawSender(client, onConnection, options.warn ?? (() => undefined));
      this.#sender = (recorded) => sender.send(recorded);
    }
    this.#freshener = fresh === undefined ? null : new Freshener(fresh, target.clock, target.mac);
    this.#setting = {
      sameHistory: beganFresh && options.targetIsFresh,
      historyReason: beganFresh
        ? 'the target may have counted other machines before'
        : 'the recorded host had counted other machines before',
      embedded: target.embedded,
      intervals: options.intervals ?? {},
    };
  }

  /** Waits until a request is due, and lets the clock of an embedded host follow the recording. */
  async wait({ requestedAt }: Exchange): Promise<void> {
    const { target, pace = Infinity } = this.options;
    const gapMs = this.#clockNs === null ? 0 : Number((requestedAt - this.#clockNs) / 1_000_000n);
    if (this.#clockNs === null || gapMs >= CLOCK_GAP_MS) this.#clockNs = requestedAt;
    if (target.embedded && pace === Infinity && gapMs >= CLOCK_GAP_MS) {
      await target.controls.advanceClock?.(gapMs / 1000);
    }
    await this.#pacer.due(requestedAt);
  }

  async send(request: RecordedRequest): Promise<ReplayRow> {
    const { exchange: recorded } = request;
    const message = this.#freshener?.freshen(recorded) ?? recorded.request.bytes;
    const sent = { recorded, expected: this.#model.answer(recorded), sent: this.#names.describe(recorded) };
    try {
      const answered = await this.#sender(request, message);
      const bounds = this.#bounds.take(clearRequest(message), answered, recorded.requestedAt);
      const comparison = this.#compare(recorded, answered, message, bounds);
      return { ...sent, answered, failure: null, comparison, bounds };
    } catch (error) {
      if (!(error instanceof HostFailure)) throw error;
      const comparison = missing(recorded, error);
      const bounds = this.#bounds.take(clearRequest(message), null, recorded.requestedAt);
      return { ...sent, answered: null, failure: error, comparison, bounds };
    }
  }

  #compare(
    { answer }: Exchange,
    answered: Exchange,
    message: Uint8Array,
    bounds: ReplayBounds | null,
  ): Comparison {
    if (answer === null) return notComparable('the capture holds no answer to this request');
    const sent = this.#freshener === null ? null : clearRequest(message);
    return compareAnswers(answer, answered.answer!, { ...this.#setting, sent, bounds });
  }
}

function missing({ answer }: Exchange, failure: HostFailure): Comparison {
  if (isUnreachable(failure)) return notComparable(`not sent: ${failure.message}`);
  if (answer === null) return notComparable(`no answer, as in the capture: ${failure.message}`);
  return compareFailure(answer, failure.message);
}

function clearRequest(message: Uint8Array): KmsRequest | null {
  try {
    const decoded = decodeRequest(message);
    return decoded.kind === 'clear' ? decoded.value : null;
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}
