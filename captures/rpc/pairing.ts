import { readAnswer, readRequest, type TransferSyntax } from '../../protocol';
import { markOf, type PacketMark } from '../packet';
import type { Connection } from '../tcp/connection';
import type { Direction } from '../tcp/half-stream';
import type { WarningLog } from '../warnings';
import type { AssociationListener, RecordedFault } from './association';
import type { AssembledCall } from './call-assembler';
import type { ExchangeQueue } from './exchange-queue';
import { RecordedCall } from './recorded-call';

/** Calls of one connection that may wait for an answer, and answers for their request. */
const MAX_WAITING = 256;

type Answered = AssembledCall<'response'> | RecordedFault;

/** Pairs the calls of one connection with their answers by call_id. */
export class Pairing implements AssociationListener {
  #waiting: RecordedCall[] = [];
  /** Answers whose request has not come: it may wait behind a gap in its own direction. */
  #early: Answered[] = [];
  #orphans = 0;
  #firstOrphan = 0;

  constructor(
    private readonly connection: Connection,
    private readonly queue: ExchangeQueue,
    private readonly warnings: WarningLog,
  ) {}

  request(
    direction: Direction,
    { call, pdus, mark }: AssembledCall<'request'>,
    syntax: TransferSyntax,
  ): void {
    const place = {
      connection: this.connection.index,
      client: this.connection.endpoint(direction),
      host: this.connection.endpoint(direction === 0 ? 1 : 0),
    };
    const sent = pdus.map(({ bytes }) => bytes);
    const request = readRequest(call, syntax);
    const { callId } = call.header;
    const recorded = new RecordedCall(
      markOf(mark),
      callId,
      syntax,
      place,
      call.body.contextId,
      request,
      sent,
    );
    this.queue.open(recorded);
    const early = this.#early.findIndex((answer) => answers(recorded, answer));
    if (early >= 0) return settle(recorded, this.#early.splice(early, 1)[0]!);
    this.#waiting.push(recorded);
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift()!.giveUp();
  }

  answer(_direction: Direction, answer: Answered): void {
    const index = this.#waiting.findIndex((call) => answers(call, answer));
    if (index >= 0) return settle(this.#waiting.splice(index, 1)[0]!, answer);
    this.#early.push({ ...answer, mark: markOf(answer.mark) });
    if (this.#early.length > MAX_WAITING) this.#noteOrphan(this.#early.shift()!.mark);
  }

  end(): void {
    for (const call of this.#waiting) call.giveUp();
    for (const { mark } of this.#early) this.#noteOrphan(mark);
    this.#waiting = [];
    this.#early = [];
    if (this.#orphans === 0) return;
    const what =
      this.#orphans === 1 ? 'an answer whose request is' : `${this.#orphans} answers whose requests are`;
    this.warnings.add(this.#firstOrphan, `connection ${this.connection.index}: ${what} not in the capture`);
  }

  #noteOrphan(mark: PacketMark): void {
    if (this.#orphans++ === 0) this.#firstOrphan = mark.fileOffset;
  }
}

/**
 * An answer belongs to a call of its id that was complete before it: by the order of the file, or by the clock where packets
 * were captured out of order. Ids may be used again, so an answer without its request must not go to a later one.
 */
function answers(call: RecordedCall, { call: { header }, mark }: Answered): boolean {
  if (call.callId !== header.callId) return false;
  return call.mark.fileOffset <= mark.fileOffset || call.mark.timestampNs <= mark.timestampNs;
}

function settle(recorded: RecordedCall, { call, pdus, mark }: Answered): void {
  const received = pdus.map(({ bytes }) => bytes);
  recorded.settle(readAnswer(call, recorded.syntax), mark.timestampNs, received);
}
