import type { Exchange } from '../../../protocol';
import { type BindOptions, KeptConnection, type KmsClient, type KmsSession } from '../../client';

/** Which requests share a connection. */
export const CONNECTION_MODES = ['recorded', 'each', 'one'] as const;
/** How requests that are sent again go onto connections. */
export type ConnectionMode = (typeof CONNECTION_MODES)[number];

/** Sends recorded messages, in calls framed as the target negotiates, over connections as the mode says. */
export class MessageSender {
  readonly #kept = new Map<number, KeptConnection>();
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
    const kept = this.#kept.get(key) ?? new KeptConnection(this.client, this.bind);
    this.#kept.set(key, kept);
    try {
      return await kept.exchange((session) => call(session, recorded, message));
    } finally {
      this.#release(key);
    }
  }

  #release(key: number): void {
    const left = this.#left.get(key)! - 1;
    this.#left.set(key, left);
    if (left > 0) return;
    void this.#kept.get(key)?.close();
    this.#kept.delete(key);
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
