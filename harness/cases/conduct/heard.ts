import {
  type ContextResult,
  type Pdu,
  type PduOf,
  ProtocolError,
  type TransferSyntax,
} from '../../../protocol';
import { HostFailure } from '../../client';
import { malformedAnswer, type Violation, violation } from '../judge/violation';

/** What a host did about something that was sent. */
export type Heard =
  | { readonly kind: 'call'; readonly pdu: PduOf<'response'> | PduOf<'fault'> }
  | { readonly kind: 'other'; readonly pdu: Pdu }
  /** The connection is over, or the deadline has passed. */
  | { readonly kind: 'closed' | 'reset' | 'timeout' }
  | { readonly kind: 'wrong'; readonly violation: Violation };

/** What a host did on one connection of a case, and how long it took over it. */
export interface Witnessed {
  /** Which connection of the case. */
  readonly on: number;
  readonly heard: Heard;
  /** That of the context which the connection had for calls. */
  readonly syntax: TransferSyntax;
  /** The association group that it was asked for last, here; 0 where for none. */
  readonly askedGroup: number;
  readonly tookMs: number;
}

/** What came before a connection's end, and behind the client's own. */
export interface Finished {
  readonly heard: readonly Heard[];
  readonly released: boolean;
  /** It had answered what was sent. */
  readonly served: boolean;
}

/** What a host made of the contexts that were offered. */
export interface Negotiated {
  readonly results: readonly ContextResult[];
  readonly callId: number;
}

/** What a wait that failed came to. @throws what is not of the host's doing */
export function silence(error: unknown): Heard {
  if (error instanceof ProtocolError) return { kind: 'wrong', violation: malformedAnswer(error) };
  if (!(error instanceof HostFailure)) throw error;
  switch (error.kind) {
    case 'reset':
      return { kind: 'reset' };
    case 'timed-out':
      return { kind: 'timeout' };
    case 'garbage':
      return {
        kind: 'wrong',
        violation: violation(
          'conforms',
          'RPC-08',
          'bytes that are no PDU',
          'a PDU',
          error.details?.actual ?? 'other bytes',
        ),
      };
    default:
      return { kind: 'closed' };
  }
}
