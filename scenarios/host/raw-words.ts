import { type Connection, decodeReceived, HostFailure, type Stage } from '../../harness/client';
import { nothingFrom, type Nothing } from '../../harness/jobs/suite/host/reply';
import type { RequestDriver } from '../../harness/jobs/suite/host/request-driver';
import type { Pdu } from '../../protocol';
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

  /** Sends bytes on a connection, and takes PDUs until so many have come or the host falls silent or closes. */
  async answersTo(connection: Connection, bytes: Uint8Array, most: number): Promise<Pdu[]> {
    await connection.send(bytes);
    const pdus: Pdu[] = [];
    while (pdus.length < most) {
      const next = await this.#next(connection, 'answer', patienceOf(this.driver));
      if (next.kind === 'nothing') break;
      pdus.push(next);
    }
    return pdus;
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
