import type { Connection } from './connection';

/** Hears all that goes over connections: what writes `--pcap FILE` and what keeps evidence. Bytes are to be copied if kept. */
export interface ConnectionObserver {
  opened?(connection: Connection, atNs: bigint): void;
  /** Bytes as they were handed to TCP. */
  sent?(connection: Connection, bytes: Uint8Array, atNs: bigint): void;
  /** Bytes as they came from TCP. */
  received?(connection: Connection, bytes: Uint8Array, atNs: bigint): void;
  /** Told once. `how` is who ended it: this side by FIN or RST, or the host. */
  closed?(connection: Connection, how: Closing, atNs: bigint): void;
}

export type Closing = 'local-fin' | 'local-reset' | 'remote-fin' | 'remote-reset';
