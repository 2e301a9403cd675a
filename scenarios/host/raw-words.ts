import { type Connection, decodeReceived, HostFailure, type Stage } from '../../harness/client';
import { nothingFrom, type Nothing } from '../../harness/jobs/suite/host/reply';
import type { RequestDriver } from '../../harness/jobs/suite/host/request-driver';
import { Defragmenter, type Pdu, type PduOf, ProtocolError } from '../../protocol';
import { Deviation } from './deviation';
import { patienceOf } from './tolerate';

/** PDUs that are sent as they are, and those that come back. */
export class RawWords {
  constructor(private readonly driver: RequestDriver) {}

  /** What a host answers to the first PDU of a connection, one that it has to answer: it has all the time that an answer has. */
  async answerToFirst(pdu: Uint8Array, what: string): Promise<Pdu | Nothing> {
    const { driver } = this;
    driver.provokes(what);
    const connection = await driver.watched(() => driver.client.connect());
    try {
      await connection.send(pdu);
      return await this.#next(connection, 'bind', driver.session.options.timeoutMs);
    } finally {
      void connection.destroy();
    }
  }

  /** Sends bytes on a connection, and takes answers, their fragments joined, until so many have come or the host falls silent or closes. */
  async answersTo(connection: Connection, bytes: Uint8Array, most: number): Promise<Pdu[]> {
    await connection.send(bytes);
    const answers: Pdu[] = [];
    const fragments = new Defragmenter<'response'>();
    while (answers.length < most) {
      const next = await this.#next(connection, 'answer', patienceOf(this.driver));
      if (next.kind === 'nothing') break;
      const answer = next.kind === 'response' ? joined(fragments, next) : next;
      if (answer !== null) answers.push(answer);
    }
    return answers;
  }

  /** The next PDU, or that none comes. @throws HostFailure where what comes is none: that is no silence */
  async #next(connection: Connection, stage: Stage, timeoutMs: number): Promise<Pdu | Nothing> {
    try {
      const bytes = await connection.receive({ timeoutMs });
      return decodeReceived(connection, bytes, stage);
    } catch (error) {
      if (!(error instanceof HostFailure) || error.kind === 'garbage') throw error;
      return nothingFrom(error);
    }
  }
}

/** The whole answer; null while fragments of it are to come. @throws Deviation where one is out of its order */
function joined(fragments: Defragmenter<'response'>, pdu: PduOf<'response'>): Pdu | null {
  try {
    return fragments.push(pdu);
  } catch (error) {
    if (error instanceof ProtocolError)
      throw new Deviation({ expected: error.expected, received: error.actual });
    throw error;
  }
}
