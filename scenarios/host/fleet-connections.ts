import { HostFailure, KeptConnection, type KmsClient } from '../../harness/client';
import type { Exchange, KmsRequestInput } from '../../protocol';

/**
 * Connections that the machines of a fleet share, as many as ask at the same time, each kept for whoever asks next: no verdict on a fleet is
 * about its connections, which cost more than its requests. What went unanswered on one of them goes out again on a connection of its own,
 * and all else from then on: a host may serve no other connection while one is open, and its fleet lives all the same.
 */
export class FleetConnections {
  readonly #idle: KeptConnection[] = [];
  #keeps = true;

  constructor(private readonly client: KmsClient) {}

  /** As `KmsClient.activate`. @throws HostFailure */
  async activate(request: KmsRequestInput): Promise<Exchange> {
    if (!this.#keeps) return this.client.activate(request);
    const kept = this.#idle.pop() ?? new KeptConnection(this.client);
    try {
      const exchange = await kept.activate(request);
      this.#idle.push(kept);
      return exchange;
    } catch (error) {
      if (!(error instanceof HostFailure) || error.kind === 'interrupted') throw error;
      this.#keeps = false;
      await this.close();
      return await this.client.activate(request);
    } finally {
      if (!this.#keeps) await kept.close();
    }
  }

  /** Closes those that nobody asks on. */
  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((kept) => kept.close()));
  }
}
