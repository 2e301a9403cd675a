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
import { BoundsKeeper, type ReplayBounds } from './replay-bounds';
import { beganFresh, type Expected, ModelHost } from './expectation';
import type { RecordedConversation } from './conversations';
import { Freshener } from './fresh';
import { RawSender } from './raw';
import { type ConnectionMode, MessageSender } from './sender';
import { Pacer, type Pace } from './timing';
import { MachineNames } from './words';

/** What to send again, to whom, at which pace, and what to expect. */
export interface ReplayExchangesOptions {
  /** What to send, in the order of recording. */
  readonly exchanges: readonly Exchange[];
  readonly target: Target;
  readonly observer?: ConnectionObserver | undefined;
  readonly pace?: Pace;
  readonly connections?: ConnectionMode;
  /** The connections that were recorded: every PDU goes byte by byte, binds too. */
  readonly raw?: ReadonlyMap<number, RecordedConversation> | undefined;
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

/** One recorded exchange, what the target made of it, and what the model says. */
export interface ReplayRow {
  readonly recorded: Exchange;
  readonly answered: Exchange | null;
  readonly failure: HostFailure | null;
  readonly comparison: Comparison;
  readonly expected: Expected;
  /** What a conforming host may count here; null where no count came. */
  readonly bounds: ReplayBounds | null;
  /** What asked, such as `server 1` or `client 4 again`. */
  readonly sent: string;
}

/** What became of each exchange that was sent again, and how it ended. */
export interface ReplayOutcome {
  readonly rows: readonly ReplayRow[];
  readonly ended: 'complete' | 'target-unreachable' | 'target-died' | 'interrupted';
  /** Why it ended before its time. */
  readonly message: string | null;
}

/** A gap in the recording that bears on the records of a host; its clock is set ahead where that can be done to it. */
const CLOCK_GAP_MS = 60_000;

/** Sends what was recorded to the target, one request after the other, and compares the answers. */
export async function replayExchanges(options: ReplayExchangesOptions): Promise<ReplayOutcome> {
  const { exchanges, target, signal } = options;
  const rows: ReplayRow[] = [];
  const client = target.client({ observer: options.observer });
  const run = new Run(options, client);
  try {
    for (const recorded of exchanges) {
      await run.wait(recorded);
      if (signal?.aborted) return { rows, ended: 'interrupted', message: 'interrupted' };
      const row = await run.send(recorded);
      if (signal?.aborted) return { rows, ended: 'interrupted', message: 'interrupted' };
      options.onRow?.(row, rows.at(-1));
      rows.push(row);
      const lost = lostTarget(rows);
      if (lost !== null) return { rows, ...lost };
    }
    return { rows, ended: 'complete', message: null };
  } finally {
    await client.close();
  }
}

/** So many requests in a row without an answer, and the rest is not tried: each may have cost the time to live. */
const MAX_FAILURES = 3;

/**
 * Whether the target is lost: it cannot be connected to, it has never answered where the recorded host did, or no longer does.
 */
function lostTarget(rows: readonly ReplayRow[]): Pick<ReplayOutcome, 'ended' | 'message'> | null {
  const failure = rows.at(-1)?.failure ?? null;
  if (failure === null) return null;
  if (!rows.some(({ answered }) => answered !== null)) {
    const expectedNone = rows.every(({ recorded }) => recorded.answer === null);
    if (expectedNone && !isUnreachable(failure)) return null;
    return { ended: 'target-unreachable', message: failure.message };
  }
  const silent = rows
    .slice(-MAX_FAILURES)
    .filter(({ answered, recorded }) => answered === null && recorded.answer !== null);
  if (!isUnreachable(failure) && silent.length < MAX_FAILURES) return null;
  return { ended: 'target-died', message: failure.message };
}

class Run {
  readonly #model: ModelHost;
  readonly #bounds: BoundsKeeper;
  readonly #names = new MachineNames();
  readonly #pacer: Pacer;
  readonly #sender: { send(recorded: Exchange, message: Uint8Array): Promise<Exchange> };
  readonly #freshener: Freshener | null;
  readonly #setting: Omit<ComparisonSetting, 'sent'>;
  #clockNs: bigint | null = null;

  constructor(
    private readonly options: ReplayExchangesOptions,
    client: KmsClient,
  ) {
    const { exchanges, target, keyGroup, fresh } = options;
    this.#model = new ModelHost(target.profile, keyGroup);
    this.#bounds = new BoundsKeeper(target.profile, options.targetIsFresh, target.embedded);
    this.#pacer = new Pacer(options.pace ?? Infinity, options.signal);
    this.#sender =
      options.raw === undefined
        ? new MessageSender(client, options.connections ?? 'recorded', exchanges)
        : new RawSender(client, options.raw, options.warn ?? (() => undefined));
    this.#freshener = fresh === undefined ? null : new Freshener(fresh, target.clock, target.mac);
    const recordedFresh = beganFresh(exchanges, target.profile, keyGroup);
    this.#setting = {
      sameHistory: recordedFresh && options.targetIsFresh,
      historyReason: recordedFresh
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

  async send(recorded: Exchange): Promise<ReplayRow> {
    const message = this.#freshener?.freshen(recorded) ?? recorded.request.bytes;
    const sent = { recorded, expected: this.#model.answer(recorded), sent: this.#names.describe(recorded) };
    try {
      const answered = await this.#sender.send(recorded, message);
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
