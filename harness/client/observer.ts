/** What an observer may know of a connection. */
export interface ObservedConnection {
  /** Which of a client's connections it is, from 0. */
  readonly index: number;
  /** This side's address as `address:port`, IPv6 in brackets. */
  readonly client: string;
  /** The address that was connected to, which a name may hide. */
  readonly host: string;
}

/** Hears all that goes over connections: what writes `--pcap FILE` and what keeps evidence. Bytes are to be copied if kept. */
export interface ConnectionObserver {
  opened?(connection: ObservedConnection, atNs: bigint): void;
  /** Bytes as they were handed to TCP. */
  sent?(connection: ObservedConnection, bytes: Uint8Array, atNs: bigint): void;
  /** Bytes as they came from TCP. */
  received?(connection: ObservedConnection, bytes: Uint8Array, atNs: bigint): void;
  /** Told once. `how` is who ended it: this side by FIN or RST, or the host. */
  closed?(connection: ObservedConnection, how: Closing, atNs: bigint): void;
}

export type Closing = 'local-fin' | 'local-reset' | 'remote-fin' | 'remote-reset';
