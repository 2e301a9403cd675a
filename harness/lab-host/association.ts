import {
  CALL_HEADER_SIZE,
  decodePdu,
  Defragmenter,
  encodePdu,
  FAULT,
  fragment,
  Framer,
  HEADER_SIZE,
  PFC,
  PFC_WHOLE,
  type Pdu,
  type PduHeader,
  type PduOf,
  ProtocolError,
  PTYPE,
  type TransferSyntax,
} from '../../protocol';
import { answerCall } from './call';
import type { LabKms } from './kms';
import { negotiate } from './negotiation';

/** The largest fragment that the host sends and takes, as recorded hosts say. */
export const MAX_FRAGMENT = 5840;
/** The smallest limit with which stub bytes can travel at all: their headers and one unit of alignment. */
const MIN_FRAGMENT = HEADER_SIZE + CALL_HEADER_SIZE + 8;
/** Bytes of stub that a client may send in all fragments of a call. */
const MAX_STUB = 1 << 16;

/** What associations of one host share. */
export interface AssociationHost {
  readonly kms: LabKms;
  readonly ndr64: boolean;
  /** Port that the host is reached at, for the secondary address. */
  readonly port: number;
  /** A number for a new association group. */
  nextGroup(): number;
}

/**
 * One connection as the host sees it: bytes in, PDUs out (C706 chapter 12, MS-RPCE 3.3). It knows nothing of sockets; the
 * server writes what `receive` returns and closes where `closed` says so.
 */
export class Association {
  readonly #framer = new Framer(MAX_FRAGMENT);
  readonly #calls = new Defragmenter<'request'>(MAX_STUB);
  readonly #contexts = new Map<number, TransferSyntax>();
  #bound = false;
  #group = 0;
  #maxXmit = MAX_FRAGMENT;
  #maxRecv = MAX_FRAGMENT;
  #closed = false;
  /** The start of a stream that speaks another version, until its header is there. */
  #foreign: Uint8Array | null = null;

  constructor(private readonly host: AssociationHost) {}

  /** The host is done with this connection; what `receive` returned is still to be sent. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Takes the next bytes of the stream, in any split, and returns what the host answers, in order. */
  receive(bytes: Uint8Array): Uint8Array[] {
    const answers: Uint8Array[] = [];
    if (this.#closed) return answers;
    if (this.#foreign !== null) {
      this.#refuseVersion(Buffer.concat([this.#foreign, bytes]), answers);
      return answers;
    }
    try {
      for (const pdu of this.#framer.push(bytes)) {
        this.#take(pdu, answers);
        if (this.#closed) return answers;
      }
      if (this.#framer.failure !== null) this.#refuseStream(this.#framer.failure, answers);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#refuseStream(error, answers);
    }
    return answers;
  }

  /** Where no PDU stands, there is no next one either: a bind of another version is told so, all else ends. */
  #refuseStream(error: ProtocolError, answers: Uint8Array[]): void {
    if (error.path === 'rpc.header.rpcVers' && this.#framer.consumed === 0) {
      this.#refuseVersion(this.#framer.remainder(), answers);
    } else {
      this.#closed = true;
    }
  }

  #refuseVersion(start: Uint8Array, answers: Uint8Array[]): void {
    if (start.length < HEADER_SIZE) {
      this.#foreign = start;
      return;
    }
    const bigEndian = (start[4]! & 0xf0) === 0;
    const callId = Buffer.from(start.buffer, start.byteOffset, start.length)[
      bigEndian ? 'readUInt32BE' : 'readUInt32LE'
    ](12);
    if (start[2] === PTYPE.bind) this.#refuseBind(callId, 4, answers);
    this.#closed = true;
  }

  #take(bytes: Uint8Array, answers: Uint8Array[]): void {
    let pdu: Pdu;
    try {
      pdu = decodePdu(bytes);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#refuseMalformed(bytes, answers);
      return;
    }
    switch (pdu.kind) {
      case 'request':
        this.#takeRequest(pdu, answers);
        return;
      case 'bind':
        this.#takeBind(pdu, answers);
        return;
      case 'alterContext':
        this.#takeAlterContext(pdu, answers);
        return;
      case 'orphaned':
        // The client gives up a call that it has not sent to its end (C706 12.6.4.8).
        this.#calls.reset();
        return;
      case 'coCancel':
        return;
      default:
        // What only a host sends, and what nobody knows, ends the association.
        this.#closed = true;
    }
  }

  /** A PDU whose header can be read but not its body. */
  #refuseMalformed(bytes: Uint8Array, answers: Uint8Array[]): void {
    if (bytes[2] === PTYPE.bind) {
      const bigEndian = (bytes[4]! & 0xf0) === 0;
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      this.#refuseBind(view.getUint32(12, !bigEndian), 0, answers);
    }
    this.#closed = true;
  }

  #takeBind({ header, body, authTrailer }: PduOf<'bind'>, answers: Uint8Array[]): void {
    const maxXmit = Math.min(body.maxRecvFrag, MAX_FRAGMENT);
    const maxRecv = Math.min(body.maxXmitFrag, MAX_FRAGMENT);
    if (header.rpcVersMinor > 1) return this.#refuseBind(header.callId, 4, answers);
    if (this.#bound) return this.#refuseBind(header.callId, 0, answers);
    if (authTrailer.length > 0) return this.#refuseBind(header.callId, 8, answers);
    if (Math.min(maxXmit, maxRecv) < MIN_FRAGMENT) return this.#refuseBind(header.callId, 2, answers);
    this.#bound = true;
    this.#maxXmit = maxXmit;
    this.#maxRecv = maxRecv;
    this.#group = body.assocGroupId !== 0 ? body.assocGroupId : this.host.nextGroup();
    answers.push(this.#acknowledge('bindAck', header, body.contexts, `${this.host.port}\0`));
  }

  #takeAlterContext({ header, body }: PduOf<'alterContext'>, answers: Uint8Array[]): void {
    if (!this.#bound) {
      this.#endWithFault(header.callId, 0, answers);
      return;
    }
    answers.push(this.#acknowledge('alterContextResp', header, body.contexts, ''));
  }

  #acknowledge(
    kind: 'bindAck' | 'alterContextResp',
    header: PduHeader,
    contexts: Parameters<typeof negotiate>[0],
    secondaryAddress: string,
  ): Uint8Array {
    const { results, accepted } = negotiate(contexts, this.host.ndr64);
    for (const [contextId, syntax] of accepted) this.#contexts.set(contextId, syntax);
    // Concurrent multiplexing is negotiated once (C706 12.6.3.1); recorded hosts leave the bit out of alter_context_resp.
    const multiplexing = kind === 'bindAck' ? header.pfcFlags & PFC.concMpx : 0;
    return encodePdu({
      kind,
      header: { callId: header.callId, pfcFlags: PFC_WHOLE | multiplexing },
      body: {
        maxXmitFrag: this.#maxXmit,
        maxRecvFrag: this.#maxRecv,
        assocGroupId: this.#group,
        secondaryAddress: Buffer.from(secondaryAddress, 'ascii'),
        results,
      },
    });
  }

  #refuseBind(callId: number, reason: number, answers: Uint8Array[]): void {
    const versions = [{ major: 5, minor: 0 }];
    answers.push(encodePdu({ kind: 'bindNak', header: { callId }, body: { reason, versions } }));
    this.#closed = true;
  }

  #takeRequest(pdu: PduOf<'request'>, answers: Uint8Array[]): void {
    const { header, body } = pdu;
    if (!this.#bound || pdu.authTrailer.length > 0) {
      this.#endWithFault(header.callId, body.contextId, answers);
      return;
    }
    let call: PduOf<'request'> | null;
    try {
      call = this.#calls.push(pdu);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#endWithFault(header.callId, body.contextId, answers);
      return;
    }
    if (call === null) return;
    const answer = answerCall(call, this.#contexts.get(call.body.contextId), this.host.kms);
    if (answer.kind === 'response') this.#send(answer, answers);
    else answers.push(encodePdu(answer));
  }

  /** A response that the client cannot take in one fragment goes in several, cut at multiples of 8 (C706 12.6.3.1). */
  #send(response: Extract<ReturnType<typeof answerCall>, { kind: 'response' }>, answers: Uint8Array[]): void {
    const room = this.#maxXmit - HEADER_SIZE - CALL_HEADER_SIZE;
    if ((response.body.stub?.length ?? 0) <= room) answers.push(encodePdu(response));
    else for (const part of fragment(response, room & ~7)) answers.push(encodePdu(part));
  }

  /** A client that breaks the protocol is told and let go. */
  #endWithFault(callId: number, contextId: number, answers: Uint8Array[]): void {
    const body = { contextId, status: FAULT.protocolError };
    answers.push(encodePdu({ kind: 'fault', header: { callId }, body }));
    this.#closed = true;
  }
}
