import { ProtocolError } from '../../protocol/errors';
import { Defragmenter } from '../../protocol/fragments';
import type { PduOf } from '../../protocol/pdu';
import { PFC, PFC_WHOLE } from '../../protocol/pdu-layouts';
import { BREACH, type Breach } from './breach';
import type { Hooks } from './hooks/hooks';
import type { Assembled, FragmentJoiner } from './hooks/rpc-hooks';
import { MAX_CALL_STUB } from './limits';

type Request = PduOf<'request'>;

const broken = (call: Request, breach: Breach): Assembled => ({ broken: { call, breach } });

/**
 * Joins the fragments of a client's calls, one call at a time as Windows does. An orphaned or co_cancel in between changes nothing
 * (docs/rpc-ledger.md).
 */
export class Reassembly implements FragmentJoiner {
  readonly #calls = new Defragmenter<'request'>(MAX_CALL_STUB);
  #pending: Request | null = null;

  constructor(
    private readonly hooks: Hooks,
    /** Whether several calls at a time were negotiated. */
    private readonly negotiated: { readonly isMultiplexed: boolean },
  ) {}

  get pending(): boolean {
    return this.#pending !== null;
  }

  get pendingCallId(): number | null {
    return this.#pending?.header.callId ?? null;
  }

  get size(): number {
    return this.#calls.size;
  }

  push(pdu: Request): Assembled {
    const edges = pdu.header.pfcFlags & PFC_WHOLE;
    if (edges === PFC_WHOLE && this.#pending === null) return { whole: pdu };
    return this.hooks.join(this, pdu);
  }

  /** Takes one fragment of a call. */
  join(pdu: Request): Assembled {
    return this.#outOfOrder(pdu) ?? this.#append(pdu);
  }

  #outOfOrder(pdu: Request): Assembled {
    const pending = this.#pending;
    const { pfcFlags, callId } = pdu.header;
    if ((pfcFlags & PFC.firstFrag) === 0) {
      const isOfPending = pending?.header.callId === callId;
      return isOfPending ? null : broken(pdu, BREACH.fragmentWithoutCall);
    }
    // Where one call at a time was negotiated, the older one is told, else the newer.
    if (pending !== null) return broken(this.negotiated.isMultiplexed ? pdu : pending, BREACH.secondFirst);
    return pdu.body.allocHint > MAX_CALL_STUB ? broken(pdu, BREACH.callTooLong) : null;
  }

  #append(pdu: Request): Assembled {
    this.#pending ??= pdu;
    try {
      const whole = this.#calls.push(pdu);
      if (whole === null) return null;
      this.#pending = null;
      return { whole };
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      return broken(pdu, BREACH.callTooLong);
    }
  }
}
