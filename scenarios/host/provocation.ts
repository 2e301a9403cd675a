import { type Connection, HostFailure, type KmsClient, offerBind } from '../../harness/client';
import { offering } from './offers';

/** Something that no client sends, and how the client goes on. */
export interface Provocation {
  /** In words, for messages. */
  readonly what: string;
  /** Writes, one after the other. */
  readonly writes: readonly Uint8Array[];
  /** Bind first, as a client would. */
  readonly bound?: boolean;
  /** How the client ends: by FIN, and then it waits for the host; by RST at once. */
  readonly end?: 'fin' | 'reset';
}

/** How long a host may take to close after FIN, at first; one that never does is not waited for each time. */
const PATIENCE_MS = 250;
const LEAST_PATIENCE_MS = 15;

/** Sends provocations, each on a connection of its own, and waits until the host has dealt with it. */
export class Provoker {
  #patienceMs = PATIENCE_MS;

  constructor(private readonly client: KmsClient) {}

  /**
   * @throws HostFailure where the host cannot be connected to, or does not take a bind
   */
  async provoke({ writes, bound, end = 'fin' }: Provocation): Promise<void> {
    const connection = await this.client.connect();
    try {
      if (bound === true) await this.#bind(connection);
      await sendAll(connection, writes);
      if (end === 'reset') return await connection.reset();
      connection.end();
      await this.#awaitEnd(connection);
    } finally {
      void connection.destroy();
    }
  }

  async #bind(connection: Connection): Promise<void> {
    await connection.send(offerBind(offering.ndr32Alone()).pdu, { stage: 'bind' });
    await connection.receive({ stage: 'bind' });
  }

  async #awaitEnd(connection: Connection): Promise<void> {
    try {
      await connection.waitForClose(this.#patienceMs);
    } catch (error) {
      if (!(error instanceof HostFailure)) throw error;
      if (error.kind === 'timed-out') this.#patienceMs = Math.max(LEAST_PATIENCE_MS, this.#patienceMs / 2);
    }
  }
}

/** A host may well cut the connection while it is provoked. */
async function sendAll(connection: Connection, writes: readonly Uint8Array[]): Promise<void> {
  try {
    for (const bytes of writes) if (bytes.length > 0) await connection.send(bytes);
  } catch (error) {
    if (!(error instanceof HostFailure)) throw error;
  }
}
