import type { Connection } from '../connection';
import type { FaultSet } from './faults';

const HUNDRED = 100;

/**
 * Whose turn it is in a host with faults: some serve so many connections only, some serve nobody while a client is in the middle of a
 * PDU. A host without such a fault serves everybody at once, and has no turns.
 */
export class Turns {
  private constructor(
    private readonly limit: number,
    private readonly waitsForWholePdu: boolean,
  ) {}

  static of(faults: FaultSet): Turns | null {
    if (faults.has('one-client-at-a-time')) return new Turns(1, false);
    if (faults.has('hundred-connections')) return new Turns(HUNDRED, false);
    return faults.has('waits-for-whole-pdu') ? new Turns(Number.POSITIVE_INFINITY, true) : null;
  }

  /** After a connection has come, gone or received: holds or releases each. @param open in the order in which they came */
  update(open: Iterable<Connection>): void {
    const connections = [...open];
    const holder = this.waitsForWholePdu ? connections.find(({ isMidPdu }) => isMidPdu) : undefined;
    for (const [i, connection] of connections.entries()) {
      const hasTurn = i < this.limit && (holder === undefined || holder === connection);
      if (hasTurn) connection.release();
      else connection.hold();
    }
  }
}
