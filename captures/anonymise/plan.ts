import {
  AUTH_TRAILER_HEADER_SIZE,
  authLengthAt,
  CALL_HEADER_SIZE,
  encodingOf,
  HEADER_SIZE,
  KMS_INTERFACE,
  type Pdu,
  PFC,
  type TransferSyntax,
} from '../../protocol';
import type { AssociationListener, RecordedFault } from '../rpc/association';
import type { AssembledCall, RecordedPdu } from '../rpc/call-assembler';
import type { Direction } from '../tcp/half-stream';
import type { MessageRewriter } from './message-rewriter';
import { type HeldBytes, StreamPlan } from './stream-plan';

/** Collects the rewritten streams of one connection. A PDU's contents are blank until its call was whole and understood. */
export class ConnectionPlan implements AssociationListener {
  readonly streams: readonly [StreamPlan, StreamPlan];
  /** Whether it leads to the KMS interface, by what was read: a connection that does not is left out. */
  used = false;

  constructor(
    private readonly rewriter: MessageRewriter,
    held: HeldBytes,
    /** Called once, when there is something to plan. */
    private begin: (() => void) | null,
  ) {
    this.streams = [new StreamPlan(held), new StreamPlan(held)];
  }

  /** Nothing more of the connection is written. */
  release(): void {
    for (const stream of this.streams) stream.release();
  }

  pdu(direction: Direction, { bytes, position }: RecordedPdu, pdu: Pdu | null): void {
    this.begin?.();
    this.begin = null;
    this.used ||= isOfKms(pdu);
    this.streams[direction].add(position, harmless(bytes, pdu));
  }

  request(direction: Direction, { call, pdus }: AssembledCall<'request'>, syntax: TransferSyntax): void {
    const { bigEndian } = encodingOf(call.header.drep);
    this.#spread(direction, pdus, this.rewriter.request(call.body.stub, syntax, bigEndian));
  }

  answer(
    direction: Direction,
    { call, pdus }: AssembledCall<'response'> | RecordedFault,
    syntax: TransferSyntax,
  ): void {
    if (call.kind === 'fault') return;
    const { bigEndian } = encodingOf(call.header.drep);
    this.#spread(direction, pdus, this.rewriter.answer(call.body.stub, syntax, bigEndian));
  }

  end(): void {
    // What was not whole stays blank.
  }

  /** Puts a stub back into the fragments that it came in. */
  #spread(direction: Direction, pdus: readonly RecordedPdu[], stub: Buffer): void {
    let at = 0;
    for (const { bytes, position } of pdus) {
      const start = stubStart(bytes);
      const length = bytes.length - trailerLength(bytes) - start;
      const target = this.streams[direction].pduAt(position);
      if (target !== undefined) stub.copy(target, start, at, at + length);
      at += length;
    }
  }
}

/** Calls are handed on where the interface was asked for or the port tells; binds of other interfaces come too. */
function isOfKms(pdu: Pdu | null): boolean {
  if (pdu?.kind !== 'bind' && pdu?.kind !== 'alterContext') return pdu !== null;
  return pdu.body.contexts.some(({ abstractSyntax }) => abstractSyntax.uuid === KMS_INTERFACE.uuid);
}

function stubStart(bytes: Buffer): number {
  const withObject = bytes[2] === 0 && (bytes[3]! & PFC.objectUuid) !== 0;
  return HEADER_SIZE + CALL_HEADER_SIZE + (withObject ? 16 : 0);
}

/** Authentication: 8 octets and the value that auth_length counts (C706 12.6.3.1). */
function trailerLength(bytes: Buffer): number {
  const authLength = authLengthAt(bytes);
  return authLength === 0 ? 0 : authLength + AUTH_TRAILER_HEADER_SIZE;
}

const PORT_TEXT = /^\d{1,5}\0?$/;

/** A copy of a PDU without anything that could tell: stubs, authentication, object ids and octets without a meaning are blank. */
function harmless(bytes: Buffer, pdu: Pdu | null): Buffer {
  const copy = Buffer.from(bytes);
  if (pdu === null) return copy.fill(0, Math.min(HEADER_SIZE, copy.length));
  copy.fill(0, copy.length - pdu.authTrailer.length);
  const blankLast = (octets: Uint8Array): void => {
    const end = copy.length - pdu.authTrailer.length;
    copy.fill(0, end - octets.length, end);
  };
  switch (pdu.kind) {
    case 'request':
    case 'response':
      copy.fill(0, HEADER_SIZE + CALL_HEADER_SIZE);
      break;
    case 'fault':
      blankLast(pdu.body.stub);
      break;
    case 'bind':
    case 'alterContext':
      blankLast(pdu.body.trailing);
      break;
    case 'bindAck':
    case 'alterContextResp': {
      blankLast(pdu.body.trailing);
      const address = Buffer.from(pdu.body.secondaryAddress);
      if (!PORT_TEXT.test(address.toString('latin1')))
        copy.fill(0, HEADER_SIZE + 10, HEADER_SIZE + 10 + address.length);
      break;
    }
    case 'bindNak':
      // Extended error information, which names the host, stands behind the versions.
      blankLast(pdu.body.trailing);
      break;
    case 'shutdown':
    case 'coCancel':
    case 'orphaned':
    case 'unknown':
      copy.fill(0, HEADER_SIZE);
  }
  return copy;
}
