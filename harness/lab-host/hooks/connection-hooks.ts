import type { AssociationHistory } from './rpc-hooks';

/** A connection as hooks may use it. */
export interface HostConnection {
  readonly association: AssociationHistory;
  /** Takes what was received; null is the client's half-close. */
  take(chunk: Uint8Array | null): void;
}

/** A connection that has ended, and how. */
export interface Departure {
  /** No byte came. */
  readonly wasSilent: boolean;
  /** The client reset it. */
  readonly wasReset: boolean;
}

/** Where the server may behave otherwise with its connections. */
export interface ConnectionHooks {
  /** Bytes have come, or a half-close (null). */
  readonly received: (connection: HostConnection, chunk: Uint8Array | null) => void;
  /** How long the host takes over the answers to a chunk that completed a call, in ms. */
  readonly delayMs: () => number;
  /** Whether the host closes where the client has half-closed or was silent for too long. */
  readonly letsGo: (association: AssociationHistory, why: 'half-close' | 'idle') => boolean;
  /** A connection is gone while the host lives. */
  readonly gone: (departure: Departure) => void;
  /** Whether it is a connection's turn to be served; `open` are all, in the order in which they came. Null: everybody's, at once. */
  readonly hasTurn: ((connection: HostConnection, open: readonly HostConnection[]) => boolean) | null;
}
