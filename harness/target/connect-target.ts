import type { HostClient, HostReply } from '../client/host-client';
import { type ConnectionObserver, KeptConnection } from '../client';
import type { Target } from '.';

export interface ConnectTargetOptions {
  /** Keep one connection instead of opening one for every request, as clients do. */
  readonly keep: boolean;
  readonly observer?: ConnectionObserver | undefined;
}

/** A target over TCP as a host to ask; `close` releases its connections. */
export interface ConnectedTarget extends HostClient {
  close(): Promise<void>;
}

export function connectTarget(target: Target, options: ConnectTargetOptions): ConnectedTarget {
  const client = target.client({ observer: options.observer });
  const { controls, description } = target;
  const asker = options.keep ? new KeptConnection(client) : client;
  return {
    name: description.address,
    activate: async (request): Promise<HostReply> => {
      const exchange = await asker.activate(request);
      return { answer: exchange.answer!, exchange };
    },
    advanceClock: controls.advanceClock === undefined ? null : (seconds) => controls.advanceClock!(seconds),
    reset: controls.reset === undefined ? null : () => controls.reset!(),
    restart: controls.restart === undefined ? null : () => controls.restart!(),
    close: () => client.close(),
  };
}
