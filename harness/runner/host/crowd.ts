import { type Connection, HostFailure } from '../../client';
import type { ConnectionEnd } from './dialogue';

/** Many connections that do next to nothing. */
export class Crowd {
  #sent = 0;

  constructor(private readonly connections: readonly Connection[]) {}

  /** Each sends the next byte of a bind that takes its time. */
  async sendOneByteEach(): Promise<void> {
    const octet = SLOW_BIND.subarray(this.#sent, this.#sent + 1);
    this.#sent++;
    await Promise.all(this.connections.filter(({ open }) => open).map((one) => one.send(octet)));
  }

  /** How the host ends the first of them, within that time. */
  async endWithin(ms: number): Promise<ConnectionEnd> {
    try {
      return (await this.connections[0]!.waitForClose(ms)) === 'fin' ? 'closed' : 'reset';
    } catch (error) {
      if (error instanceof HostFailure && error.kind === 'timed-out') return 'open';
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.connections.map((connection) => connection.close()));
  }
}

/** How a bind begins. */
const SLOW_BIND = Uint8Array.of(5, 0, 11, 3, 16, 0, 0, 0, 116, 0, 0, 0, 1, 0, 0, 0);
