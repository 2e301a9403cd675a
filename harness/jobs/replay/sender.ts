import type { Exchange } from '../../../protocol';
import { type BindOptions, KeptConnection, type KmsClient, type KmsSession } from '../../client';
import type { ConnectionCounts } from './connection-counts';

/** Which requests share a connection. */
export const CONNECTION_MODES = ['recorded', 'each', 'one'] as const;
/** How requests that are sent again go onto connections. */
export type ConnectionMode = (typeof CONNECTION_MODES)[number];

/** Sends recorded messages, in calls framed as the target negotiates, over connections as the mode says. */
export class MessageSender {
  readonly #kept = new Map<number, KeptConnection>();
  #sent = 0;

  /**
   * @param asked how many requests there are to send
   * @param left connections of the capture to the number of requests that are still to come on them; counted down
   */
  constructor(
    private readonly client: KmsClient,
    private readonly mode: ConnectionMode,
    private readonly asked: number,
    private readonly left: ConnectionCounts,
    private readonly bind: BindOptions = {},
  ) {}

  /**
   * Sends what was recorded, or `message` in its place.
   * @throws HostFailure
   */
  async send(recorded: Exchange, message: Uint8Array): Promise<Exchange> {
    const key = this.mode === 'recorded' ? recorded.connection : 0;
    const kept = this.#kept.get(key) ?? new KeptConnection(this.client, this.bind);
    this.#kept.set(key, kept);
    try {
      return await kept.exchange((session) => call(session, recorded, message));
    } finally {
      this.#sent++;
      if (this.#isLast(recorded)) {
        void kept.close();
        this.#kept.delete(key);
      }
    }
  }

  /** Nothing more comes on its connection. */
  #isLast({ connection }: Exchange): boolean {
    if (this.mode === 'each') return true;
    return this.mode === 'one' ? this.#sent === this.asked : this.left.take(connection) === 0;
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
