import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import type { LabHost } from '../../server';
import { ACCEPTED, Answer, expectFault, expectGrant, expectHeader, expectNak } from './answers';
import { type Call, CALL, type Offer, bind, PTYPE, request } from './octets';

const DEADLINE_MS = 5000;

export const PROTO = 0x1c01000b;
export const UNK_IF = 0x1c010003;
export const OP_RNG = 0x1c010002;
export const DENIED = 5;
export const NO_CALL = 0x6bd;
/** Flags of a fault: "did not execute", and not. */
export const NOT_DONE = 0x23;
export const DONE = 0x03;

/** One TCP connection to a host: it sends octets and takes PDUs. */
export class Conversation {
  readonly #pdus: Answer[] = [];
  #buffered = Buffer.alloc(0);
  #ended: 'FIN' | 'RST' | null = null;
  readonly #others: Conversation[] = [];
  #wake: () => void = () => undefined;

  constructor(
    private readonly socket: Socket,
    readonly port: number,
  ) {
    socket.setNoDelay(true);
    socket.on('data', (bytes) => this.#take(bytes));
    socket.on('end', () => this.#end('FIN'));
    socket.on('error', () => this.#end('RST'));
  }

  static async open(host: Pick<LabHost, 'address' | 'port'>): Promise<Conversation> {
    const socket = connect({ host: host.address, port: host.port, allowHalfOpen: true });
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new Conversation(socket, host.port);
  }

  #take(bytes: Buffer): void {
    this.#buffered = Buffer.concat([this.#buffered, bytes]);
    while (this.#buffered.length >= 16 && this.#buffered.length >= this.#buffered.readUInt16LE(8)) {
      const size = this.#buffered.readUInt16LE(8);
      this.#pdus.push(new Answer(Buffer.from(this.#buffered.subarray(0, size))));
      this.#buffered = this.#buffered.subarray(size);
    }
    this.#wake();
  }

  #end(how: 'FIN' | 'RST'): void {
    this.#ended ??= how;
    this.#wake();
  }

  send(...pdus: Buffer[]): void {
    this.socket.write(Buffer.concat(pdus));
  }

  /** The next PDU of the host. */
  async answer(): Promise<Answer> {
    await this.#until(() => this.#pdus.length > 0 || this.#ended !== null, 'an answer');
    const answer = this.#pdus.shift();
    if (answer === undefined) throw new Error(`the host sent ${this.#ended} instead of an answer`);
    return answer;
  }

  /** The host closes, without another octet. */
  async ends(): Promise<void> {
    await this.#until(() => this.#ended !== null, 'the end');
    expect(this.#pdus.length + this.#buffered.length, 'PDUs before the end').to.equal(0);
    expect(this.#ended, 'how it ends').to.equal('FIN');
  }

  /** A further connection to the same host, which ends with this one. */
  async another(host: Pick<LabHost, 'address' | 'port'>): Promise<Conversation> {
    const other = await Conversation.open(host);
    this.#others.push(other);
    return other;
  }

  /** Waits until the host has taken notice that every connection is gone. */
  async untilLeft({ connections }: { readonly connections: () => number }): Promise<void> {
    for (const deadline = Date.now() + DEADLINE_MS; connections() > 0; await new Promise(setImmediate))
      if (Date.now() > deadline) throw new Error('the host did not let go of a connection');
  }

  /** Closes this connection and those opened by it, and waits until the sockets are gone. */
  async leave(): Promise<void> {
    for (const other of this.#others) await other.leave();
    if (!this.socket.destroyed)
      await new Promise<void>((resolve) => this.socket.once('close', () => resolve()).destroy());
  }

  async #until(condition: () => boolean, what: string): Promise<void> {
    const late = new Promise<never>((_, reject) => {
      const timer = setTimeout(() => reject(new Error(`${what} did not come`)), DEADLINE_MS);
      timer.unref();
    });
    while (!condition()) await Promise.race([new Promise<void>((resolve) => (this.#wake = resolve)), late]);
  }

  /** Binds, and takes an ack that grants every context. */
  async bound(offer: Offer = {}): Promise<Answer> {
    this.send(bind(offer));
    const ack = await this.answer();
    expectHeader(ack, PTYPE.bindAck, offer.callId ?? 0, 0x03 | ((offer.flags ?? 0) & 0x14));
    for (const result of ack.results) expect(result).to.deep.equal(ACCEPTED);
    return ack;
  }

  /** A good call is answered. */
  async callWorks(call: Call = {}): Promise<void> {
    this.send(request(call));
    await this.granted(call);
  }

  /** The next answer grants a call. */
  async granted({ contextId = 1, callId = CALL }: Call = {}): Promise<void> {
    expectGrant(await this.answer(), contextId, callId);
  }

  /** The next answer is a bind_nak, and then the host closes. */
  async isRefused(reason: number, callId = 0): Promise<void> {
    expectNak(await this.answer(), reason, callId);
    await this.ends();
  }

  /** The next answer is a fault. */
  async faults(status: number, contextId: number, flags: number, callId = CALL): Promise<void> {
    expectFault(await this.answer(), { status, contextId, flags }, callId);
  }

  /** The next answer is a fault, and then the host closes. */
  async isFaulted(status: number, contextId: number, flags: number, callId = CALL): Promise<void> {
    await this.faults(status, contextId, flags, callId);
    await this.ends();
  }
}
