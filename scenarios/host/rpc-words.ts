import {
  type BindOptions,
  type Connection,
  Association,
  HostFailure,
  offerBind,
  stubCall,
} from '../../harness/client';
import type { Machine } from '../../harness/jobs/suite/host/machines';
import { type Granted, granted, type Reaction } from '../../harness/jobs/suite/host/reply';
import type { RequestDriver } from '../../harness/jobs/suite/host/request-driver';
import {
  encodePdu,
  encodeRequestStub,
  type Encoding,
  type PduInputOf,
  stubEncoding,
  type TransferSyntax,
} from '../../protocol';
import { BoundConnection } from './bound-connection';
import { offering, offerInWords } from './offers';
import { type Pipelined, pipelinedAnswer } from './pipelined';
import { RawWords } from './raw-words';
import { patienceOf, tolerate } from './tolerate';

/** Talks to the host below the level of requests: binds, stubs, PDUs. */
export class RpcWords {
  /** PDUs that are sent as they are. */
  readonly raw: RawWords;

  constructor(private readonly driver: RequestDriver) {
    this.raw = new RawWords(driver);
  }

  /** A connection that is kept. @throws HostFailure `rejected` where the host refuses the association */
  async bind(options: BindOptions = {}): Promise<BoundConnection> {
    const { driver } = this;
    driver.lastSent = offerInWords('a bind', options);
    const { association } = await driver.watched(() => driver.client.session(options));
    return new BoundConnection(driver, association);
  }

  /** What the host makes of an offer, context by context; `bind_nak` where it refuses the whole. */
  async verdictsOn(options: BindOptions): Promise<string[]> {
    try {
      const bound = await this.bind(options);
      await bound.close();
      return bound.verdicts;
    } catch (error) {
      if (error instanceof HostFailure && error.rejection?.bindNak !== undefined) return ['bind_nak'];
      throw error;
    }
  }

  /** Every byte that the host sends to one good request before it closes, or falls silent. */
  async everythingAnswered(machine: Machine): Promise<Uint8Array> {
    const { driver } = this;
    const { association } = await this.bind();
    const { connection } = association;
    const { pdus } = association.prepare(driver.messageOf(machine));
    driver.lastSent = driver.describe(machine);
    await connection.send(Buffer.concat(pdus));
    const first = await driver.watched(() => connection.receiveRaw());
    connection.end();
    return Buffer.concat([first ?? new Uint8Array(0), ...(await restOf(connection, patienceOf(driver)))]);
  }

  /** Bind and request in one write, as one TCP segment. */
  async activateInOneSegment(machine: Machine): Promise<Granted> {
    const { driver } = this;
    const request = driver.requestOf(machine, {});
    const offer = offerBind(offering.ndr32Alone());
    const connection = await driver.watched(() => driver.client.connect());
    const stub = encodeRequestStub({ message: driver.messageOf(machine) }, stubEncoding('ndr32'));
    const call = stubCall(stub, { callId: 2, contextId: 0, transferSyntax: 'ndr32' });
    driver.lastSent = `a bind and a request of ${driver.nameOf(machine)} in one segment`;
    const sentAt = connection.time.nowNs();
    await connection.send(Buffer.concat([offer.pdu, ...call.pdus]));
    const association = await driver.watched(() => Association.answered(connection, offer));
    return granted(driver.take(request, await driver.watched(() => association.answerTo(call, sentAt))));
  }

  /** The association group of a connection that asks for this one; `bind_nak` where it is refused. */
  async groupOf(options: BindOptions): Promise<number | 'bind_nak'> {
    try {
      const bound = await this.bind(options);
      await bound.close();
      return bound.bindAck.body.assocGroupId;
    } catch (error) {
      if (error instanceof HostFailure && error.rejection?.bindNak !== undefined) return 'bind_nak';
      throw error;
    }
  }

  /** The run's own client sends calls in one segment, each with another ClientTime, and takes what is answered to them. */
  async pipeline(callIds: readonly number[]): Promise<Pipelined> {
    const { driver } = this;
    const { association } = await this.bind();
    const { connection, transferSyntax } = association;
    const sent = new Map<number, bigint>();
    const pdus = callIds.flatMap((callId, i) => {
      const { regular } = driver.session;
      const requestTime = driver.requestOf(regular, {}).requestTime + BigInt(i);
      sent.set(callId, requestTime);
      driver.takeUncertain(driver.requestOf(regular, {}));
      return association.prepare(driver.messageOf(regular, { requestTime }), { callId }).pdus;
    });
    driver.lastSent = `${callIds.length} requests in one segment`;
    const answers = await this.raw.answersTo(connection, Buffer.concat(pdus), callIds.length);
    await connection.close();
    return { sent, answers: answers.map((pdu) => pipelinedAnswer(pdu, transferSyntax)) };
  }

  /** A machine asks with its stub laid out so. */
  async activateOver(syntax: TransferSyntax, machine: Machine): Promise<Granted> {
    const bound = await this.bind({ syntaxes: [syntax], btfn: null });
    const answer = await bound.activate(machine);
    await bound.close();
    return answer;
  }

  /** Sends any bytes as the stub of a machine's request. */
  attemptStub(
    machine: Machine,
    stub: (message: Uint8Array, encoding: Encoding) => Uint8Array,
    what: string,
  ): Promise<Reaction> {
    const { driver } = this;
    const request = driver.requestOf(machine, {});
    return tolerate(driver, request, async () => {
      const { association } = await this.bind();
      driver.provokes(what);
      const bytes = stub(driver.messageOf(machine), stubEncoding(association.transferSyntax));
      const exchange = await association.callStub(bytes, { timeoutMs: patienceOf(driver) });
      await association.connection.close();
      return driver.take(request, exchange);
    });
  }

  /** A bind as real clients send it. */
  bindPdu(): Uint8Array {
    return offerBind().pdu;
  }

  /** The request PDU of a machine. */
  requestPdu(machine: Machine): Uint8Array {
    return encodePdu(this.requestCall(machine));
  }

  /** The request PDU of a machine, before it is encoded: call 2 in context 0, NDR32. */
  requestCall(machine: Machine): PduInputOf<'request'> {
    const stub = encodeRequestStub({ message: this.driver.messageOf(machine) }, stubEncoding('ndr32'));
    return { kind: 'request', header: { callId: 2 }, body: { contextId: 0, opnum: 0, stub } };
  }
}

/** What still comes on a connection, until it ends or nothing comes any more for so long. */
async function restOf(connection: Connection, quietMs: number): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  try {
    for (;;) {
      const piece = await connection.receiveRaw({ timeoutMs: quietMs });
      if (piece === null) return pieces;
      pieces.push(piece);
    }
  } catch (error) {
    if (error instanceof HostFailure && (error.kind === 'timed-out' || error.kind === 'reset')) return pieces;
    throw error;
  }
}
