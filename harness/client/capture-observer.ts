import { type Conversation, ConversationWriter, type PacketWriter } from '../../captures';
import type { Closing, ConnectionObserver, ObservedConnection } from '.';

/**
 * Writes what goes over a client's connections as packets of a capture: `--pcap FILE`. The first error of the writer is kept
 * and told by `finish`; the client goes on.
 */
export class CaptureObserver implements ConnectionObserver {
  readonly #conversations = new Map<ObservedConnection, Conversation>();
  readonly #writer: ConversationWriter;
  #error: Error | null = null;

  constructor(packets: PacketWriter) {
    this.#writer = new ConversationWriter(packets);
  }

  opened(connection: ObservedConnection, atNs: bigint): void {
    this.#write(() => {
      const { client, host } = connection;
      this.#conversations.set(connection, this.#writer.open(unscoped(client), unscoped(host), atNs));
    });
  }

  sent(connection: ObservedConnection, bytes: Uint8Array, atNs: bigint): void {
    this.#write(() => this.#conversations.get(connection)?.send('client', bytes, atNs));
  }

  received(connection: ObservedConnection, bytes: Uint8Array, atNs: bigint): void {
    this.#write(() => this.#conversations.get(connection)?.send('host', bytes, atNs));
  }

  closed(connection: ObservedConnection, how: Closing, atNs: bigint): void {
    const conversation = this.#conversations.get(connection);
    this.#conversations.delete(connection);
    if (conversation === undefined) return;
    const [first, second] = how.startsWith('local')
      ? (['client', 'host'] as const)
      : (['host', 'client'] as const);
    this.#write(() => {
      if (how.endsWith('reset')) return conversation.reset(first, atNs);
      conversation.end(first, atNs);
      conversation.end(second, atNs);
    });
  }

  /** Ends the capture. @throws the first error of the writer */
  finish(): void {
    try {
      this.#writer.close();
    } catch (error) {
      this.#error ??= error as Error;
    }
    if (this.#error !== null) throw this.#error;
  }

  #write(run: () => void): void {
    if (this.#error !== null) return;
    try {
      run();
    } catch (error) {
      this.#error = error as Error;
    }
  }
}

/** A capture knows addresses, not scopes. */
const unscoped = (endpoint: string): string => endpoint.replace(/%[^\]]*/, '');
