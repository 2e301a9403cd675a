import type { Exchange } from '../../protocol';
import { type BindOptions, HostFailure, type KmsClient, type KmsSession } from '../client';

/** Which requests share a connection. */
export const CONNECTION_MODES = ['recorded', 'each', 'one'] as const;
export type ConnectionMode = (typeof CONNECTION_MODES)[number];

/** Sends recorded messages, in calls framed as the target negotiates, over connections as the mode says. */
export class MessageSender {
  readonly #sessions = new Map<number, KmsSession>();
  /** Connections of the capture to the number of requests that are still to come on them. */
  readonly #left = new Map<number, number>();

  constructor(
    private readonly client: KmsClient,
    private readonly mode: ConnectionMode,
    exchanges: readonly Exchange[],
    private readonly bind: BindOptions = {},
  ) {
    for (const exchange of exchanges) {
      const key = this.#key(exchange);
      this.#left.set(key, (this.#left.get(key) ?? 0) + 1);
    }
  }

  /**
   * Sends what was recorded, or `message` in its place.
   * @throws HostFailure
   */
  async send(recorded: Exchange, message: Uint8Array): Promise<Exchange> {
    const key = this.#key(recorded);
    try {
      return await this.#sendOn(key, recorded, message);
    } finally {
      this.#release(key);
    }
  }

  async #sendOn(key: number, recorded: Exchange, message: Uint8Array): Promise<Exchange> {
    const kept = this.#sessions.get(key);
    if (kept !== undefined && kept.connection.ended === null && kept.connection.open) {
      try {
        return await call(kept, recorded, message);
      } catch (error) {
        // A host may close after an answer (understanding-kms 2.6): then the request is sent on a new connection, once.
        if (!hasClosedBefore(error)) throw error;
      }
    }
    void kept?.connection.destroy();
    this.#sessions.delete(key);
    const session = await this.client.session(this.bind);
    this.#sessions.set(key, session);
    return call(session, recorded, message);
  }

  #release(key: number): void {
    const left = this.#left.get(key)! - 1;
    this.#left.set(key, left);
    if (left > 0) return;
    void this.#sessions.get(key)?.close();
    this.#sessions.delete(key);
  }

  #key({ connection, index }: Exchange): number {
    return { recorded: connection, each: index, one: 0 }[this.mode];
  }
}

function call(session: KmsSession, { request }: Exchange, message: Uint8Array): Promise<Exchange> {
  const { content } = request;
  // Where the stub itself is malformed, it is what was recorded, not a message.
  if (content.kind === 'malformed' && content.error.path.startsWith('stub')) {
    return session.association.callStub(request.bytes);
  }
  return session.activate(message);
}

function hasClosedBefore(error: unknown): boolean {
  return (
    error instanceof HostFailure &&
    (error.kind === 'closed' || error.kind === 'reset') &&
    error.pdus.received.length === 0
  );
}
