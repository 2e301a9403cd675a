import { type Connection, HostFailure } from '../../harness/client';
import type { ConnectionEnd } from './bound-connection';

/** Many connections that do next to nothing. */
export class IdleConnections {
  constructor(private readonly connections: readonly Connection[]) {}

  /** Each that the host has not closed sends these bytes. */
  async sendEach(bytes: Uint8Array): Promise<void> {
    await Promise.all(this.connections.filter(({ open }) => open).map((one) => one.send(bytes)));
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
