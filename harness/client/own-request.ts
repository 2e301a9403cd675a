import { readRequest } from '../../protocol/call';
import type { ExchangeRequest, RequestContent } from '../../protocol/exchange';
import type { PduOf } from '../../protocol/pdu';
import {
  CALL_HEADER_SIZE,
  DREP_BIG_ENDIAN,
  DREP_LITTLE_ENDIAN,
  HEADER_SIZE,
  PFC_WHOLE,
  PTYPE,
} from '../../protocol/pdu-layouts';
import type { OutgoingCall } from './outgoing-call';

/**
 * What this side asked, read as a host reads it. Who asked knows what it asked: decoding that again, for each of a million
 * requests, is left to whoever looks. A class, since an object with a getter of its own takes longer to make than the decoding.
 */
export class OwnRequest implements ExchangeRequest {
  readonly #call: OutgoingCall;
  #read: ExchangeRequest | null = null;

  constructor(call: OutgoingCall) {
    this.#call = call;
  }

  get bytes(): Uint8Array {
    return this.#whole.bytes;
  }

  get content(): RequestContent {
    return this.#whole.content;
  }

  get #whole(): ExchangeRequest {
    return (this.#read ??= readRequest(joined(this.#call), this.#call.transferSyntax));
  }
}

/** The call as one whole PDU, as a host joins it. */
function joined({ callId, contextId, stub, bigEndian }: OutgoingCall): PduOf<'request'> {
  const header = {
    rpcVers: 5,
    rpcVersMinor: 0,
    ptype: PTYPE.request,
    pfcFlags: PFC_WHOLE,
    drep: bigEndian ? DREP_BIG_ENDIAN : DREP_LITTLE_ENDIAN,
    fragLength: HEADER_SIZE + CALL_HEADER_SIZE + stub.length,
    authLength: 0,
    callId,
  };
  return {
    kind: 'request',
    header,
    body: { allocHint: stub.length, contextId, opnum: 0, stub },
    authTrailer: NOTHING,
  };
}

const NOTHING = new Uint8Array(0);
