import { ProtocolError } from '../../protocol/errors';
import { callIdAt } from '../../protocol/header-octets';
import { decodePdu, encodePdu, type Pdu, type PduOf } from '../../protocol/pdu';
import { HEADER_SIZE, PFC, PTYPE } from '../../protocol/pdu-layouts';
import { BIND_NAK, bindNak } from './bind-refusal';
import { Binding, type BindingHost } from './binding';
import { BREACH, type Breach, breachFault } from './breach';
import { answerCall } from './call';
import type { AssociationHistory, Malformed } from './hooks/rpc-hooks';
import { Inbound } from './inbound';
import type { LabKms } from './kms';
import { largestPdu } from './limits';
import { Reassembly } from './reassembly';

/** What associations of one host share. */
export interface AssociationHost extends BindingHost {
  readonly kms: LabKms;
}

/** Whether the host keeps a connection. What was answered before is sent in any case but a reset. */
export type Ending = 'open' | 'closed' | 'reset';

/**
 * One connection as the host sees it: bytes in, PDUs out (C706 chapter 12, MS-RPCE 3.3). It knows nothing of sockets; the
 * server writes what `receive` returns and closes where `ending` says so.
 */
export class Association implements AssociationHistory {
  readonly #inbound: Inbound;
  readonly #binding: Binding;
  readonly #calls: Reassembly;
  #ending: Ending = 'open';
  /** The start of a stream that speaks another version, until its header is there. */
  #foreign: Uint8Array | null = null;
  #callCount = 0;
  #hadFault = false;
  #isDeaf = false;

  /** @param family of the address that the client came by */
  constructor(
    private readonly host: AssociationHost,
    private readonly family: 4 | 6 = 4,
  ) {
    this.#inbound = new Inbound(largestPdu, host.hooks);
    this.#binding = new Binding(host);
    this.#calls = new Reassembly(host.hooks, this.#binding);
  }

  get ending(): Ending {
    return this.#ending;
  }

  /** Calls answered so far. */
  get callCount(): number {
    return this.#callCount;
  }

  /** The client is in the middle of a PDU. */
  get isMidPdu(): boolean {
    return this.#inbound.pending > 0 && this.#ending === 'open';
  }

  get isSilent(): boolean {
    return this.#inbound.isSilent;
  }

  get hadFault(): boolean {
    return this.#hadFault;
  }

  get contextBeforeAlter(): number | null {
    return this.#binding.contextBeforeAlter;
  }

  /**
   * Takes the next bytes of the stream, in any split, and returns what the host answers, in order.
   * @throws HostDeath, HostHang from a host whose fault they bring out
   */
  receive(bytes: Uint8Array): Uint8Array[] {
    const answers: Uint8Array[] = [];
    if (this.#ending !== 'open' || this.#isDeaf) return answers;
    if (this.#foreign !== null) {
      this.#refuseVersion(Buffer.concat([this.#foreign, bytes]), answers);
      return answers;
    }
    try {
      for (const pdu of this.#inbound.push(bytes)) {
        this.#take(pdu, answers);
        if (this.ending !== 'open') return answers;
      }
      if (this.#inbound.failure !== null) this.#refuseStream(this.#inbound.failure, answers);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#refuseStream(error, answers);
    }
    return answers;
  }

  /** The connection is gone. @throws HostDeath, HostHang */
  left(): void {
    this.#binding.left();
    this.host.hooks.left(this);
  }

  /** Where no PDU stands, there is no next one either: a bind of another version and a call that is too long are told so, all else ends. */
  #refuseStream(error: ProtocolError, answers: Uint8Array[]): void {
    this.#malformed({ kind: 'stream', error });
    const isForeign = error.path === 'rpc.header.rpcVers';
    const start = this.#inbound.remainder();
    if (isForeign && this.#inbound.consumed === 0) this.#refuseVersion(start, answers);
    else if (error.code === 'too-long') this.#refuseUnread(start, answers);
    else this.#ending = 'closed';
  }

  #refuseVersion(start: Uint8Array, answers: Uint8Array[]): void {
    if (start.length < HEADER_SIZE) {
      this.#foreign = start;
      return;
    }
    if (start[2] === PTYPE.bind) this.#refuseBind(callIdAt(start), BIND_NAK.protocolVersion, answers);
    this.#ending = 'closed';
  }

  #take(bytes: Uint8Array, answers: Uint8Array[]): void {
    let pdu: Pdu;
    try {
      pdu = decodePdu(bytes);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#refuseMalformed(bytes, error, answers);
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
        this.host.hooks.orphaned(this, this.#calls);
        return;
      case 'coCancel':
        return;
      case 'unknown':
        this.#malformed({ kind: 'ptype' });
        this.#ending = 'closed';
        return;
      default:
        // What only a host sends ends the association.
        this.#ending = 'closed';
    }
  }

  /** A PDU whose header can be read but not its body. */
  #refuseMalformed(bytes: Uint8Array, error: ProtocolError, answers: Uint8Array[]): void {
    this.#malformed({ kind: 'pdu', bytes, error });
    this.#refuseUnread(bytes, answers);
  }

  /** A PDU of which there is a header: a bind is told by a bind_nak, what else expects an answer by a fault. */
  #refuseUnread(bytes: Uint8Array, answers: Uint8Array[]): void {
    const callId = callIdAt(bytes);
    if (bytes[2] === PTYPE.bind) this.#refuseBind(callId, BIND_NAK.protocolVersion, answers);
    else if (bytes[2] === PTYPE.alterContext) this.#tell(callId, 0, BREACH.alterContext, answers);
    else if (bytes[2] === PTYPE.request) this.#tell(callId, 0, BREACH.unreadable, answers);
    this.#ending = 'closed';
  }

  #takeBind(pdu: PduOf<'bind'>, answers: Uint8Array[]): void {
    const refusal = this.#binding.refusal(pdu);
    if (refusal !== null) return this.#refuseBind(pdu.header.callId, refusal, answers);
    this.host.hooks.opened(this, this.host.kms);
    this.#push(this.#binding.bind(pdu), answers);
  }

  #takeAlterContext(pdu: PduOf<'alterContext'>, answers: Uint8Array[]): void {
    if (this.#binding.isBreachedBy(pdu)) this.#break(pdu.header.callId, 0, BREACH.alterContext, answers);
    else this.#push(this.#binding.alter(pdu), answers);
  }

  /** Sends an answer; none closes the connection without a word. */
  #push(answer: Uint8Array | null, answers: Uint8Array[]): void {
    if (answer === null) this.#ending = 'closed';
    else answers.push(answer);
  }

  #refuseBind(callId: number, reason: number, answers: Uint8Array[]): void {
    answers.push(bindNak(callId, reason));
    this.#ending = 'closed';
  }

  #takeRequest(pdu: PduOf<'request'>, answers: Uint8Array[]): void {
    const { header, body } = pdu;
    const breach = this.#breachOf(pdu);
    if (breach !== null) return this.#break(header.callId, body.contextId, breach, answers);
    const assembled = this.#calls.push(pdu);
    if (assembled === null) return;
    if ('whole' in assembled) return this.#answer(assembled.whole, answers);
    const { call } = assembled.broken;
    const isNowhere = call === pdu && this.#binding.syntaxOf(body.contextId) === undefined;
    const told = isNowhere ? { ...assembled.broken.breach, namesContext: false } : assembled.broken.breach;
    this.#break(call.header.callId, call.body.contextId, told, answers);
  }

  /** What a request PDU breaks by itself, whatever call it belongs to. */
  #breachOf({ header, authTrailer }: PduOf<'request'>): Breach | null {
    if (!this.#binding.isBound) return BREACH.callBeforeBind;
    if (authTrailer.length > 0) return BREACH.uninvitedCredentials;
    const cancelledFirst = PFC.firstFrag | PFC.pendingCancel;
    return (header.pfcFlags & cancelledFirst) === cancelledFirst ? BREACH.cancelledAtOnce : null;
  }

  #answer(call: PduOf<'request'>, answers: Uint8Array[]): void {
    const { hooks, kms } = this.host;
    const asked = hooks.call(call, this);
    if (asked === 'deaf') this.#isDeaf = true;
    if (asked === 'reset') this.#ending = 'reset';
    if (typeof asked === 'string') return;
    const { contextId } = asked.body;
    const { wasSplitBehindHeader } = this.#inbound;
    const context = { kms, hooks, connection: this, family: this.family, wasSplitBehindHeader };
    const right = answerCall(asked, this.#binding.syntaxOf(contextId), context);
    if (right === null) {
      this.#ending = 'closed';
      return;
    }
    const answer = hooks.answerPdu(right, asked, this);
    this.#callCount++;
    this.#hadFault ||= answer.kind === 'fault';
    answers.push(encodePdu(answer));
  }

  #malformed(problem: Malformed): void {
    this.host.hooks.malformed(problem, this.host.kms);
  }

  /** A client that breaks the protocol is told and let go. */
  #break(callId: number, contextId: number, breach: Breach, answers: Uint8Array[]): void {
    this.#malformed({ kind: 'call' });
    this.#tell(callId, contextId, breach, answers);
  }

  #tell(callId: number, contextId: number, breach: Breach, answers: Uint8Array[]): void {
    answers.push(breachFault(callId, contextId, breach));
    this.#ending = 'closed';
  }
}
