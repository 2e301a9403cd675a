import { encodeAfter, encodeInto } from './codec/encode';
import { LITTLE_ENDIAN } from './codec/encoding';
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

/** Where a call goes, and how it is laid out. */
export interface RequestPdu {
  readonly callId: number;
  readonly contextId: number;
  readonly transferSyntax: TransferSyntax;
  readonly bigEndian: boolean;
  readonly opnum: number;
  readonly allocHint?: number | undefined;
  readonly pfcFlags?: number | undefined;
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
