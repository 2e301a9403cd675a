import type { Reason } from '../rpc/story';
import type { Lookup } from './lookups';
import type { AttemptOutcome } from './outcomes';

/** How far a try came: looking the host up, connecting, binding, asking. */
export type AttemptStage = 'lookup' | 'connect' | 'bind' | 'request';

/** A try to activate, or something that used the port of KMS, that got no answer from a KMS host. */
export interface Attempt {
  /** From 0, in the order in which they became known. */
  readonly index: number;
  /** The connection's number, as exchanges name it; null for a lookup that led to none. */
  readonly connection: number | null;
  /** When it began: ns since 1970-01-01 UTC. */
  readonly at: bigint;
  /** `address:port`, IPv6 in brackets; of a lookup the DNS client and server. */
  readonly client: string;
  readonly host: string;
  readonly outcome: AttemptOutcome;
  readonly stage: AttemptStage;
  /** What was seen, such as `3 SYNs in 6.0 s`. */
  readonly detail: string;
  /** Who ended it: null while nobody did. */
  readonly endedBy: 'client' | 'host' | 'capture' | null;
  /** The number with which it was refused: of a bind_nak, a context, a fault, an ICMP message or a DNS answer. */
  readonly reason: Reason | null;
  /** How the client found the host, where the capture has that. */
  readonly lookup: Lookup | null;
}
