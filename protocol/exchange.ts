import type { ProtocolErrorDetails } from './errors';
import type { KmsRequest, KmsResponse, Message, SealedMessage } from './message';
import type { TransferSyntax } from './syntax';

/**
 * What was asked, what came back, when, and on which connection: the one currency of the project. A capture yields
 * exchanges, the client makes them, the model predicts them, scenarios judge them, reports show them.
 */
export interface Exchange {
  /** From 0, in the order of the requests. */
  readonly index: number;
  /** From 0, in the order in which connections were opened. */
  readonly connection: number;
  /** `address:port`, IPv6 as `[::1]:port`. */
  readonly client: string;
  readonly host: string;
  /** When the request was complete: ns since 1970-01-01 UTC. */
  readonly requestedAt: bigint;
  /** When the answer was complete, null where there is none. */
  readonly answeredAt: bigint | null;
  readonly callId: number;
  readonly contextId: number;
  readonly transferSyntax: TransferSyntax;
  readonly request: ExchangeRequest;
  /** Null where none came. */
  readonly answer: Answer | null;
  /** The PDUs of the call, fragments each, as they were on the wire. */
  readonly pdus: { readonly sent: readonly Uint8Array[]; readonly received: readonly Uint8Array[] };
  /**
   * Where a capture shows this one request more than once, as on both sides of a translator of addresses or a balancer: every place, in the
   * order of time, the first being the one that the exchange tells. Left out where it was seen once.
   */
  readonly sightings?: readonly Sighting[];
}

/** One place at which a request and its answer were seen. Endpoints and times as in `Exchange`. */
export type Sighting = Pick<Exchange, 'connection' | 'client' | 'host' | 'requestedAt' | 'answeredAt'>;

/** The request of an exchange: its bytes, and what they say. */
export interface ExchangeRequest {
  /** The KMS message, or the whole stub where the stub is malformed. */
  readonly bytes: Uint8Array;
  readonly content: RequestContent;
}

/** A request as it decodes: in clear, sealed, or not at all. */
export type RequestContent = Message<KmsRequest> | Malformed;

/** Bytes that do not decode, and why. */
export interface Malformed {
  readonly kind: 'malformed';
  readonly error: ProtocolErrorDetails;
}

/** What a host can answer to a call. */
export type Answer =
  | { readonly kind: 'response'; readonly bytes: Uint8Array; readonly value: KmsResponse }
  | { readonly kind: 'sealed'; readonly bytes: Uint8Array; readonly value: SealedMessage }
  /** An HRESULT instead of a message. */
  | { readonly kind: 'refusal'; readonly hresult: number }
  /** A fault PDU. */
  | { readonly kind: 'fault'; readonly status: number }
  /** An answer that does not decode: which field, where. `bytes` is the message, or the whole stub where that is malformed. */
  | { readonly kind: 'malformed'; readonly bytes: Uint8Array; readonly error: ProtocolErrorDetails };
