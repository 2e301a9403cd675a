import type { Readable } from 'node:stream';
import { CaptureError, type CaptureReport } from '../../../captures';
import type { Exchange, KeyGroupSetting, KmsRequestInput } from '../../../protocol';
import { ConnectionCounts } from './connection-counts';
import type { Profile } from '../../model/profile';
import { KeyGroupEvidence, PlainFreshness } from './expectation';
import type { ExchangeFilter } from './filter';
import { changed, keptSource, type KeptSource } from './kept-source';
import { LateRequests } from './late-requests';
import { Reading, type ReadingOptions, type RecordedRequest } from './reading';
import type { Survey } from './survey';
import type { RecordedTurn } from './turns';

/**
 * A recording that was read once and found to be one. What it holds is read anew each time, in the order of the requests: memory does not depend
 * on how many there are.
 */
export interface Conversations extends AsyncIterable<Exchange> {
  /** What the first reading found. */
  readonly report: CaptureReport;
  /** How many exchanges the capture holds. */
  readonly held: number;
  /** How many of them the filter lets through: what is read, and sent again. */
  readonly size: number;
  /** What the recorded host's key granted, by all that it holds: see `recordedKeyGroup`. */
  readonly keyGroup: KeyGroupSetting | undefined;
  /** The recorded host accepted NDR64 in some bind. */
  readonly acceptedNdr64: boolean;
  /** The first request that the recorded host counted. */
  readonly example: KmsRequestInput | null;
  /** What a report is to say of how it is read. */
  readonly notes: readonly string[];
  /** What the first reading tells for such a target and key group; null where it has to be looked for in another. */
  surveyFor(profile: Profile, keyGroup: KeyGroupSetting): Survey | null;
  /** The same exchanges with the PDUs that led to each. @throws CaptureError `changed`, as iterating does */
  requests(): AsyncIterable<RecordedRequest>;
  /** Removes what was kept of a stream, a pipe or a device; a file needs no closing. */
  close(): void;
}

/** How a recording is read, and what of it. */
export interface ConversationsOptions extends Omit<ReadingOptions, 'packets'> {
  /** These exchanges of it; all unless told. */
  readonly filter?: ExchangeFilter | undefined;
}

/**
 * Reads a capture from its start to its end, for a replay that reads it again.
 * @param source what can be read once only is kept meanwhile: 16 MiB in memory, more in a temporary file
 * @param options.signal ends this reading, as the end of the recording would
 * @throws CaptureError as `readExchanges` does
 */
export async function readConversations(
  source: string | Readable,
  options: ConversationsOptions = {},
): Promise<Conversations> {
  const kept = await keptSource(source, options.name ?? (typeof source === 'string' ? source : '-'));
  try {
    const { filter = () => true, ...reading } = options;
    const recording = new Recording(kept, filter, reading);
    await recording.survey();
    return recording;
  } catch (error) {
    kept.close();
    throw error;
  }
}

class Recording implements Conversations {
  report!: CaptureReport;
  held = 0;
  size = 0;
  acceptedNdr64 = false;
  readonly #late = new LateRequests();
  readonly #keyGroup = new KeyGroupEvidence();
  readonly #chosen = new ConnectionCounts();
  readonly #freshness = new PlainFreshness();
  #first: Exchange | null = null;

  constructor(
    private readonly source: KeptSource,
    private readonly filter: ExchangeFilter,
    private readonly options: ReadingOptions,
  ) {}

  get keyGroup(): KeyGroupSetting | undefined {
    return this.#keyGroup.group;
  }

  get example(): KmsRequestInput | null {
    const content = this.#first?.request.content;
    return content?.kind === 'clear' ? content.value : null;
  }

  get notes(): string[] {
    const { beyond } = this.#late;
    return beyond === 0
      ? []
      : [
          `${beyond} requests were sent later than they were recorded, where their answers were: too many are without`,
        ];
  }

  /** The first reading. */
  async survey(): Promise<void> {
    const reading = new Reading(await this.source.read(), this.options);
    for await (const requests of reading) for (const request of requests) this.#note(request);
    this.report = reading.report;
    this.acceptedNdr64 = reading.acceptedNdr64;
  }

  #note(request: RecordedRequest): void {
    const { exchange } = request;
    this.held++;
    this.#late.note(request);
    this.#keyGroup.take(exchange);
    if (!this.filter(exchange)) return;
    this.size++;
    this.#chosen.add(exchange.connection);
    this.#freshness.take(exchange);
    const { answer, index } = exchange;
    const isCounted = answer?.kind === 'response' && exchange.request.content.kind === 'clear';
    if (isCounted && (this.#first === null || index < this.#first.index)) this.#first = exchange;
  }

  surveyFor(profile: Profile, keyGroup: KeyGroupSetting): Survey | null {
    const isKnown = this.#late.areNone && this.#freshness.holdsFor(profile, keyGroup);
    if (!isKnown) return null;
    const { size: asked } = this;
    return { asked, onConnection: this.#chosen.copy(), beganFresh: this.#freshness.isFresh };
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Exchange, void, undefined> {
    for await (const requests of this.#again())
      for (const { exchange } of requests) if (this.filter(exchange)) yield exchange;
  }

  async *requests(): AsyncGenerator<RecordedRequest, void, undefined> {
    const left = this.#chosen.copy();
    const binds = new Map<number, readonly RecordedTurn[]>();
    for await (const requests of this.#again()) {
      for (const request of requests) {
        const { exchange, turns } = request;
        const { connection } = exchange;
        const before = binds.get(connection);
        if (this.filter(exchange)) {
          left.take(connection);
          binds.delete(connection);
          yield before === undefined ? request : { exchange, turns: [...before, ...turns] };
        } else if (left.of(connection) > 0) {
          // A request that is left out is not sent; what its client negotiated before it is.
          const others = turns.filter(({ sent }) => !exchange.pdus.sent.includes(sent));
          if (others.length > 0) binds.set(connection, [...(before ?? []), ...others]);
        }
      }
    }
  }

  /** @throws CaptureError `changed` where it holds other exchanges than it did */
  async *#again(): AsyncGenerator<readonly RecordedRequest[], void, undefined> {
    const { packets, file } = this.report;
    const { signal: _, ...options } = this.options;
    const reading = new Reading(await this.source.read(), { ...options, packets });
    let read = 0;
    try {
      for await (const requests of this.#late.inOrder(reading)) {
        read += requests.length;
        if (read > this.held) throw changed(file);
        yield requests;
      }
    } catch (error) {
      // It was a capture when it was read first.
      throw error instanceof CaptureError && error.code !== 'unreadable' ? changed(file, error) : error;
    }
    if (read < this.held || reading.packets < packets) throw changed(file);
  }

  close(): void {
    this.source.close();
  }
}
