import { ProtocolError } from '../../protocol/errors';
import { fragment } from '../../protocol/fragments';
import { callIdAt } from '../../protocol/header-octets';
import { decodePdu, encodePdu, type Pdu, type PduInputOf, type PduOf } from '../../protocol/pdu';
import { CALL_HEADER_SIZE, HEADER_SIZE, PTYPE } from '../../protocol/pdu-layouts';
import { FAULT } from '../../protocol/status';
import { BIND_NAK, Binding, type BindingHost, MAX_FRAGMENT } from './binding';
import { answerCall } from './call';
import { die, hang } from './faults/deadly-message';
import { distortAnswer } from './faults/faulty-answer';
import { meetCall } from './faults/faulty-call';
import { Inbound } from './inbound';
import type { LabKms } from './kms';
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
export class Association {
  readonly #inbound: Inbound;
  readonly #binding: Binding;
  readonly #calls: Reassembly;
  #ending: Ending = 'open';
  /** The start of a stream that speaks another version, until its header is there. */
  #foreign: Uint8Array | null = null;
  #callCount = 0;
  #hadFault = false;
  #isDeaf = false;
  #wasOrphaned = false;

  constructor(private readonly host: AssociationHost) {
    this.#inbound = new Inbound(MAX_FRAGMENT, host.faults);
    this.#binding = new Binding(host);
    this.#calls = new Reassembly(host.faults);
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

  /** The client gave a call up. */
  get wasOrphaned(): boolean {
    return this.#wasOrphaned;
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
    this.host.kms.counting.left(this);
    if (!this.isMidPdu) return;
    die('dies-of-cut-pdu', this.host.faults);
    hang('hangs-on-cut-pdu', this.host.faults);
  }

  /** Where no PDU stands, there is no next one either: a bind of another version is told so, all else ends. */
  #refuseStream(error: ProtocolError, answers: Uint8Array[]): void {
    this.host.kms.faulty?.malformed();
    const isForeign = error.path === 'rpc.header.rpcVers';
    if (isForeign) die('dies-of-garbage', this.host.faults);
    if (error.path === 'rpc.header.fragLength' && error.actual === '0') {
      hang('hangs-on-frag-length-zero', this.host.faults);
    }
    if (isForeign && this.#inbound.consumed === 0) this.#refuseVersion(this.#inbound.remainder(), answers);
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
        // The client gives up a call that it has not sent to its end (C706 12.6.4.8).
        this.#wasOrphaned = true;
        this.#calls.abandon();
        return;
      case 'coCancel':
        return;
      case 'unknown':
        die('dies-of-unknown-ptype', this.host.faults);
        this.#ending = 'closed';
        return;
      default:
        // What only a host sends ends the association.
        this.#ending = 'closed';
    }
  }

  /** A PDU whose header can be read but not its body. */
  #refuseMalformed(bytes: Uint8Array, error: ProtocolError, answers: Uint8Array[]): void {
    const { faults, kms } = this.host;
    kms.faulty?.malformed();
    if (error.path === 'rpc.header.authLength') die('dies-of-auth-length', faults);
    if (bytes[2] === PTYPE.bind) {
      if (error.path.includes('transferSyntaxes')) hang('hangs-on-syntax-count', faults);
      else die('dies-of-context-count', faults);
      this.#refuseBind(callIdAt(bytes), BIND_NAK.notSpecified, answers);
    }
    this.#ending = 'closed';
  }

  #takeBind(pdu: PduOf<'bind'>, answers: Uint8Array[]): void {
    const refusal = this.#binding.refusal(pdu);
    if (refusal !== null) return this.#refuseBind(pdu.header.callId, refusal, answers);
    this.host.kms.counting.opened(this);
    this.#push(this.#binding.bind(pdu), answers);
  }

  #takeAlterContext(pdu: PduOf<'alterContext'>, answers: Uint8Array[]): void {
    if (this.host.faults.has('no-alter-context')) this.#ending = 'closed';
    else if (!this.#binding.isBound) this.#endWithFault(pdu.header.callId, 0, answers);
    else this.#push(this.#binding.alter(pdu), answers);
  }

  /** Sends an answer; none closes the connection without a word. */
  #push(answer: Uint8Array | null, answers: Uint8Array[]): void {
    if (answer === null) this.#ending = 'closed';
    else answers.push(answer);
  }

  #refuseBind(callId: number, reason: number, answers: Uint8Array[]): void {
    const versions = [{ major: 5, minor: 0 }];
    answers.push(encodePdu({ kind: 'bindNak', header: { callId }, body: { reason, versions } }));
    this.#ending = 'closed';
  }

  #takeRequest(pdu: PduOf<'request'>, answers: Uint8Array[]): void {
    const { header, body, authTrailer } = pdu;
    if (!this.#binding.isBound || authTrailer.length > 0) {
      return this.#endWithFault(header.callId, body.contextId, answers);
    }
    let call: PduOf<'request'> | null;
    try {
      call = this.#calls.push(pdu);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      return this.#endWithFault(header.callId, body.contextId, answers);
    }
    if (call !== null) this.#answer(call, answers);
  }

  #answer(call: PduOf<'request'>, answers: Uint8Array[]): void {
    const { faults, kms } = this.host;
    const met = { calls: this.#callCount, hadFault: this.#hadFault };
    const asked = faults.size === 0 ? call : meetCall(call, met, faults);
    if (asked === 'deaf') this.#isDeaf = true;
    if (asked === 'reset') this.#ending = 'reset';
    if (typeof asked === 'string') return;
    const { contextId } = asked.body;
    const { wasSplitBehindHeader } = this.#inbound;
    const context = { kms, faults, connection: this, wasSplitBehindHeader };
    const right = answerCall(asked, this.#binding.syntaxOf(contextId), context);
    if (right === null) {
      this.#ending = 'closed';
      return;
    }
    const history = { calls: this.#callCount, boundContext: this.#binding.contextBeforeAlter };
    const answer = faults.size === 0 ? right : distortAnswer(right, asked, history, faults);
    this.#callCount++;
    this.#hadFault ||= answer.kind === 'fault';
    if (answer.kind === 'response') this.#send(answer, answers);
    else answers.push(encodePdu(answer));
  }

  /** A response that the client cannot take in one fragment goes in several, cut at multiples of 8 (C706 12.6.3.1). */
  #send(response: PduInputOf<'response'>, answers: Uint8Array[]): void {
    const room = this.#binding.maxXmit - HEADER_SIZE - CALL_HEADER_SIZE;
    if ((response.body.stub?.length ?? 0) <= room) answers.push(encodePdu(response));
    else for (const part of fragment(response, room & ~7)) answers.push(encodePdu(part));
  }

  /** A client that breaks the protocol is told and let go. */
  #endWithFault(callId: number, contextId: number, answers: Uint8Array[]): void {
    this.host.kms.faulty?.malformed();
    const body = { contextId, status: FAULT.protocolError };
    answers.push(encodePdu({ kind: 'fault', header: { callId }, body }));
    this.#ending = 'closed';
  }
}
