import {
  encodePdu,
  encodeRequestStub,
  type Encoding,
  type PduInputOf,
  stubEncoding,
  type TransferSyntax,
} from '../../../protocol';
import {
  Association,
  type BindOptions,
  type Connection,
  HostFailure,
  offerBind,
  stubCall,
} from '../../client';
import { Asker, countedOf } from './asker';
import { Crowd } from './crowd';
import { Dialogue } from './dialogue';
import { requestPdu } from './hostile-pdus';
import { lyingStubs } from './lying-stubs';
import { type Machine, machine } from './machines';
import { offering } from './offers';
import { type Provocation, Provoker } from './provocation';
import { type Granted, granted, type Reaction } from './reply';

/** What a host may need to deal with a connection that is gone. */
const SETTLE_MS = 20;
/** Silence that ends an answer whose end is not told otherwise. */
const QUIET_MS = 200;

/** Talks to the host below the level of requests: binds, stubs, PDUs, connections, right and wrong ones. */
export class Talker extends Asker {
  /** A connection that is kept. @throws HostFailure `rejected` where the host refuses the association */
  async converse(options: BindOptions = {}): Promise<Dialogue> {
    this.lastSent = 'a bind';
    const { association } = await this.watched(() => this.client.session(options));
    return new Dialogue(this, association);
  }

  /** What the host makes of an offer, context by context; `bind_nak` where it refuses the whole. */
  async verdictsOn(options: BindOptions): Promise<string[]> {
    try {
      const dialogue = await this.converse(options);
      await dialogue.close();
      return dialogue.verdicts;
    } catch (error) {
      if (error instanceof HostFailure && error.rejection?.bindNak !== undefined) return ['bind_nak'];
      throw error;
    }
  }

  /** Every byte that the host sends to one good request before it closes, or falls silent. */
  async everythingAnswered(machine: Machine): Promise<Uint8Array> {
    const { association } = await this.converse();
    const { connection } = association;
    const { pdus } = association.prepare(this.messageOf(machine));
    this.lastSent = `a request of ${this.nameOf(machine)}`;
    await connection.send(Buffer.concat(pdus));
    const first = await this.watched(() => connection.receiveRaw());
    connection.end();
    return Buffer.concat([first ?? new Uint8Array(0), ...(await restOf(connection))]);
  }

  /** Bind and request in one write, as one TCP segment. */
  async activateInOneSegment(machine: Machine): Promise<Granted> {
    const request = this.requestOf(machine, {});
    const offer = offerBind(offering.ndr32Alone());
    const connection = await this.watched(() => this.client.connect());
    const call = stubCall(encodedStub(this.messageOf(machine)), {
      callId: 2,
      contextId: 0,
      transferSyntax: 'ndr32',
    });
    this.lastSent = `a bind and a request of ${this.nameOf(machine)} in one segment`;
    const sentAt = connection.time.nowNs();
    await connection.send(Buffer.concat([offer.pdu, ...call.pdus]));
    const association = await this.watched(() => Association.answered(connection, offer));
    return granted(this.take(request, await this.watched(() => association.answerTo(call, sentAt))));
  }

  /** A machine asks with its stub laid out so. */
  async activateOver(syntax: TransferSyntax, machine: Machine): Promise<Granted> {
    const dialogue = await this.converse({ syntaxes: [syntax], btfn: null });
    const answer = await dialogue.activate(machine);
    await dialogue.close();
    return answer;
  }

  /** Sends any bytes as the stub of a machine's request. */
  attemptStub(
    machine: Machine,
    stub: (message: Uint8Array, encoding: Encoding) => Uint8Array,
    what: string,
  ): Promise<Reaction> {
    const request = this.requestOf(machine, {});
    return this.tolerate(request, async () => {
      const { association } = await this.converse();
      this.lastSent = what;
      const bytes = stub(this.messageOf(machine), stubEncoding(association.transferSyntax));
      const exchange = await association.callStub(bytes, { timeoutMs: this.patienceMs });
      await association.connection.close();
      return this.take(request, exchange);
    });
  }

  /** Requests whose stubs lie about their lengths, and what came of each. */
  async askWithLyingStubs(): Promise<Record<string, Reaction>> {
    const size = BigInt(this.messageOf(this.session.regular).length);
    const stubs = {
      'a stub that is a byte too short': lyingStubs.shorter,
      'a stub that ends behind its lengths': lyingStubs.empty,
      'a stub whose size is more than its count': lyingStubs.withLengths(size + 8n, size),
      'a stub whose size is less than its count': lyingStubs.withLengths(size - 8n, size),
      'a stub that claims twice what is there': lyingStubs.withLengths(2n * size, 2n * size),
    };
    const reactions: Record<string, Reaction> = {};
    for (const [what, stub] of Object.entries(stubs)) {
      reactions[what] = await this.attemptStub(machine(), stub, what);
    }
    return reactions;
  }

  /** Sends what no client sends, one after the other, and waits until the host has dealt with each. */
  async provoke(provocations: readonly Provocation[]): Promise<void> {
    const provoker = new Provoker(this.client);
    for (const provocation of provocations) {
      try {
        await this.watched(() => provoker.provoke(provocation));
      } catch (error) {
        // A host that cannot be talked to any more fell to what came before.
        if (error instanceof HostFailure && error.stage === 'connect') throw error;
        this.lastSent = provocation.what;
        throw error;
      }
      this.lastSent = provocation.what;
    }
  }

  /** A request, and a reset before its answer can have come: whether it was granted stays open. */
  async resetBeforeTheResponse(machine: Machine): Promise<void> {
    const request = this.requestOf(machine, {});
    const { association } = await this.converse();
    this.lastSent = `a request of ${this.nameOf(machine)}, and a reset before its response`;
    await association.connection.send(Buffer.concat(association.prepare(this.messageOf(machine)).pdus));
    await association.connection.reset();
    this.session.ledger.maybe(countedOf(request));
    // The host may still be busy with it when the next request comes.
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }

  /** A request, and FIN behind it: a host may answer it, or close. */
  async halfCloseBehindTheRequest(machine: Machine): Promise<void> {
    const request = this.requestOf(machine, {});
    const { association } = await this.converse();
    const call = association.prepare(this.messageOf(machine));
    this.lastSent = `a request of ${this.nameOf(machine)}, and a half-close behind it`;
    const sentAt = association.connection.time.nowNs();
    await association.connection.send(Buffer.concat(call.pdus));
    association.connection.end();
    await this.tolerate(request, async () =>
      this.take(request, await association.answerTo(call, sentAt, this.patienceMs)),
    );
  }

  /** A bind as real clients send it. */
  bindPdu(): Uint8Array {
    return offerBind().pdu;
  }

  /** The request PDU of a machine. */
  requestPdu(machine: Machine): Uint8Array {
    return encodePdu(this.requestCall(machine));
  }

  /** The request PDU of a machine, before it is encoded. */
  requestCall(machine: Machine): PduInputOf<'request'> {
    return requestPdu(this.messageOf(machine), 'ndr32', 0);
  }

  /** Opens connections that send nothing. */
  async openConnections(count: number): Promise<Crowd> {
    this.lastSent = `${count} connections without a byte`;
    const connections: Connection[] = [];
    for (let i = 0; i < count; i++) connections.push(await this.watched(() => this.client.connect()));
    return new Crowd(connections);
  }

  /** Lets a second go by. */
  oneSecond(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, 1000));
  }

  /** The run's own client asks at a steady rate, whatever the answers take. @returns ms from when each was due */
  async latenciesAt(rate: number, { requests }: { readonly requests: number }): Promise<number[]> {
    const request = this.requestOf(this.session.regular, {});
    this.lastSent = `${requests} requests, ${rate} a second`;
    const startedAt = performance.now();
    const ask = async (due: number): Promise<number> => {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, startedAt + due - performance.now())));
      await this.client.activate(request);
      return performance.now() - startedAt - due;
    };
    return Promise.all(Array.from({ length: requests }, (_, i) => ask((i * 1000) / rate)));
  }
}

const encodedStub = (message: Uint8Array): Uint8Array =>
  encodeRequestStub({ message }, stubEncoding('ndr32'));

/** What still comes on a connection, until it ends or nothing comes any more. */
async function restOf(connection: Connection): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  try {
    for (;;) {
      const piece = await connection.receiveRaw({ timeoutMs: QUIET_MS });
      if (piece === null) return pieces;
      pieces.push(piece);
    }
  } catch (error) {
    if (error instanceof HostFailure && (error.kind === 'timed-out' || error.kind === 'reset')) return pieces;
    throw error;
  }
}
