import type { Answer, KmsRequestInput } from '../protocol';
import type { AskedHost } from './asked-host';
import { type ConnectionObserver, HostFailure, type KmsClient, type KmsSession } from './client';
import type { Target } from './target';

export interface AskTargetOptions {
  /** Keep one connection instead of opening one for every request, as clients do. */
  readonly keep: boolean;
  readonly observer?: ConnectionObserver | undefined;
}

/** A target over TCP as a host to ask; `close` releases its connections. */
export interface AskedTarget extends AskedHost {
  close(): Promise<void>;
}

export function askTarget(target: Target, options: AskTargetOptions): AskedTarget {
  const client = target.client({ observer: options.observer });
  const { controls, description } = target;
  const kept = options.keep ? new KeptSession(client) : null;
  return {
    name: description.address,
    activate: async (request): Promise<Answer> => {
      if (kept !== null) return kept.activate(request);
      const { answer } = await client.activate(request);
      return answer!;
    },
    advanceClock: controls.advanceClock === undefined ? null : (seconds) => controls.advanceClock!(seconds),
    reset: controls.reset === undefined ? null : () => controls.reset!(),
    restart: controls.restart === undefined ? null : () => controls.restart!(),
    close: () => client.close(),
  };
}

/** One connection that is opened anew where the host has closed it between two requests, as some do. */
class KeptSession {
  #session: KmsSession | null = null;

  constructor(private readonly client: KmsClient) {}

  async activate(request: KmsRequestInput): Promise<Answer> {
    if (this.#session === null) return this.#first(request);
    try {
      const { answer } = await this.#session.activate(request);
      return answer!;
    } catch (error) {
      this.#session = null;
      // The same CMID counts once: to send a request again that may have been counted changes nothing.
      const closed = error instanceof HostFailure && (error.kind === 'closed' || error.kind === 'reset');
      if (!closed) throw error;
      return this.#first(request);
    }
  }

  async #first(request: KmsRequestInput): Promise<Answer> {
    const session = await this.client.session();
    const { answer } = await session.activate(request);
    this.#session = session;
    return answer!;
  }
}
