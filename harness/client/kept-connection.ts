import type { Exchange } from '../../protocol/exchange';
import type { BindOptions } from './association';
import { HostFailure } from './host-failure';
import type { ActivationRequest, KmsClient, KmsSession } from './kms-client';
import { type CallOptions, LIKE_ALL_CALLS } from './outgoing-call';

/** How a connection that is kept binds, and who hears of what went unanswered. */
export interface KeptConnectionOptions extends BindOptions {
  /**
   * Called for each request that went unanswered because the host ended the connection behind an earlier answer, before it is sent again: the
   * host may have counted it, or not.
   */
  readonly onUnanswered?: (() => void) | undefined;
}

/**
 * One connection that is kept for many requests, and opened anew where the host ended it between two of them. A host may close after any answer
 * (understanding-kms 2.6 asks for no more than one exchange); its FIN or RST can cross a request that is on its way already. Such a
 * request was not answered and goes out again on a new connection, as HTTP clients do with idempotent ones (RFC 9110, 9.2.2): a
 * CMID counts once however often it is sent. A connection that ends before its first answer is the host's failure.
 */
export class KeptConnection {
  #session: KmsSession | null = null;

  constructor(
    private readonly client: KmsClient,
    private readonly options: KeptConnectionOptions = {},
  ) {}

  /** As `KmsClient.activate`. @throws HostFailure */
  activate(request: ActivationRequest, call: CallOptions = LIKE_ALL_CALLS): Promise<Exchange> {
    return this.exchange((session) => session.activate(request, call));
  }

  /** One request, sent by `send`, which is called once more where the host had ended the connection. @throws HostFailure */
  async exchange(send: (session: KmsSession) => Promise<Exchange>): Promise<Exchange> {
    let session = this.#session;
    // It is kept once it has answered.
    this.#session = null;
    if (session !== null && session.connection.open && session.connection.ended === null) {
      try {
        const exchange = await send(session);
        this.#session = session;
        return exchange;
      } catch (error) {
        if (!endedBetweenRequests(error)) throw error;
        this.options.onUnanswered?.();
      }
    }
    void session?.connection.destroy();
    session = await this.client.session(this.options);
    const exchange = await send(session);
    this.#session = session;
    return exchange;
  }

  /** Closes with FIN; resolves when the socket is gone. */
  async close(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    await session?.close();
  }
}

/** The connection ended where a request was sent or on its way, before the first byte of an answer. */
function endedBetweenRequests(error: unknown): boolean {
  return (
    error instanceof HostFailure &&
    (error.kind === 'closed' || error.kind === 'reset') &&
    (error.stage === 'request' || error.stage === 'answer') &&
    error.pdus.received.length === 0 &&
    error.partialBytes === 0
  );
}
