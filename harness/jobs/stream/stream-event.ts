import type { SeenExchange } from '../../client/exchange-window';
import type { StreamRequest } from './generate';

/** One request of a stream with what came back. Its machine changes in later steps: read it before asking for the next point. */
export interface StreamPoint {
  readonly index: number;
  readonly request: StreamRequest;
  /** Null where no count came. */
  readonly answered: number | null;
  /** Null where the host must refuse this product. */
  readonly expected: number | null;
  /** Places of the host after this request, by the model. */
  readonly capacity: number;
  /** What came instead of a count. */
  readonly note: string | null;
  /** Set where the answer is not what the model says: why, and what the host seems to have done. */
  readonly difference: string | null;
  /** A record is within seconds of its 30 days, so that a difference proves nothing. */
  readonly onTheEdge: boolean;
}

/** What happens in a stream, as it happens. */
export type StreamEvent =
  | {
      readonly kind: 'point';
      readonly point: StreamPoint;
      /** What was sent and received; undefined where the host encodes nothing. */
      readonly exchange: SeenExchange | undefined;
    }
  /** A wait or a control that was carried out. */
  | { readonly kind: 'control'; readonly what: string }
  /** The rest of the stream was not sent, and why. */
  | { readonly kind: 'stopped'; readonly reason: string };
