import { fieldMap } from './codec/decode';
import { encodeAfter, encodeInto } from './codec/encode';
import { LITTLE_ENDIAN } from './codec/encoding';
import { CALL_ID_AT } from './header-octets';
import {
  CALL_HEADER_SIZE,
  DREP_BIG_ENDIAN,
  DREP_LITTLE_ENDIAN,
  HEADER_SIZE,
  PFC_WHOLE,
  PTYPE,
  pduHeader,
  requestBody,
} from './pdu-layouts';
import { requestStub, stubEncoding } from './stub';
import type { TransferSyntax } from './syntax';

const STUB_AT = HEADER_SIZE + CALL_HEADER_SIZE;
const NOTHING = new Uint8Array(0);

/** Where calls go, and how they are laid out. */
export interface RequestContext {
  readonly contextId: number;
  readonly transferSyntax: TransferSyntax;
  readonly bigEndian: boolean;
  readonly opnum: number;
  readonly allocHint?: number | undefined;
  readonly pfcFlags?: number | undefined;
}

/** Where a call goes, and how it is laid out. */
export interface RequestPdu extends RequestContext {
  readonly callId: number;
}

/** A PDU, and the part of it that is its stub. */
export interface EncodedRequest {
  readonly pdu: Uint8Array;
  readonly stub: Uint8Array;
}

/**
 * Encodes a KMS message as a whole request PDU, the same bytes as `encodePdu` of `encodeRequestStub`: the stub is laid out where it
 * stands in the PDU, instead of apart and copied there.
 */
export function encodeRequestPdu(message: Uint8Array, to: RequestPdu): EncodedRequest {
  const { callId, contextId, transferSyntax, bigEndian, opnum, pfcFlags = PFC_WHOLE } = to;
  const encoding = { ...LITTLE_ENDIAN, bigEndian };
  const pdu = encodeAfter(STUB_AT, requestStub, { message }, stubEncoding(transferSyntax, bigEndian));
  const { allocHint = pdu.length - STUB_AT } = to;
  encodeInto(pdu, HEADER_SIZE, requestBody, { allocHint, contextId, opnum, stub: NOTHING }, encoding);
  const drep = bigEndian ? DREP_BIG_ENDIAN : DREP_LITTLE_ENDIAN;
  const header = { ptype: PTYPE.request, pfcFlags, drep, fragLength: pdu.length, callId };
  encodeInto(pdu, 0, pduHeader, header, encoding);
  return { pdu, stub: pdu.subarray(STUB_AT) };
}

/**
 * Request PDUs of one context whose messages are of one length, the same bytes as `encodeRequestPdu` makes: laid out once, and then
 * copied, with call_id and message put where the layout has them.
 */
export class RequestTemplate {
  readonly #front: Uint8Array;
  readonly #size: number;

  constructor(
    readonly to: RequestContext,
    readonly messageSize: number,
  ) {
    const { pdu, stub } = encodeRequestPdu(new Uint8Array(messageSize), { ...to, callId: 0 });
    const [message] = fieldMap(requestStub, stub, stubEncoding(to.transferSyntax, to.bigEndian)).filter(
      ({ path }) => path === `${requestStub.name}.message`,
    );
    // Nothing stands behind the message: what is in front of it is all that is the same.
    this.#front = pdu.subarray(0, STUB_AT + message!.offset);
    this.#size = pdu.length;
  }

  /** @param message of `messageSize` bytes */
  fill(message: Uint8Array, callId: number): Uint8Array {
    const pdu = Buffer.allocUnsafe(this.#size);
    pdu.set(this.#front, 0);
    pdu.set(message, this.#front.length);
    if (this.to.bigEndian) pdu.writeUInt32BE(callId, CALL_ID_AT);
    else pdu.writeUInt32LE(callId, CALL_ID_AT);
    return pdu;
  }
}

/** The stub of a request PDU without an object. */
export const stubOf = (pdu: Uint8Array): Uint8Array => pdu.subarray(STUB_AT);
