import { decode, fieldMap, type FieldSpan } from './codec/decode';
import { encode } from './codec/encode';
import { type Encoding, encodingWith } from './codec/encoding';
import {
  bytes,
  bytesOf,
  type InputOf,
  layout,
  ndrReferent,
  ndrUint,
  padding,
  rest,
  u32,
  type ValueOf,
} from './layout';
import { readU64 } from './codec/source';
import type { TransferSyntax } from './syntax';

/** What RPC servers write for the first non-null pointer (C706 14.3.11). */
const USUAL_REFERENT = 0x00020000n;

/** The arguments of RequestActivation: [in] requestSize and the conformant array of that size. */
export const requestStub = layout('stub.request', {
  requestSize: bytesOf(ndrUint('Bytes of the request message'), 'message'),
  maxCount: bytesOf(ndrUint('Maximum count of the array, the same value'), 'message'),
  message: bytes('Request message', { field: 'maxCount' }),
  trailing: rest('Octets behind the stub'),
});
/** The decoded arguments of a call; `message` is the request message. */
export type RequestStub = ValueOf<typeof requestStub>;

/** The results of a granted call. */
export const responseStub = layout('stub.response', {
  responseSize: bytesOf(ndrUint('Bytes of the response message'), 'message'),
  referentId: ndrReferent('Non-zero: a pointer to the message follows', USUAL_REFERENT),
  maxCount: bytesOf(ndrUint('Maximum count of the array, the same value'), 'message'),
  message: bytes('Response message', { field: 'maxCount' }),
  padding: padding('Octets up to a multiple of 4', 4),
  hresult: { ...u32('Return value'), initial: 0 },
  trailing: rest('Octets behind the stub'),
});
/** The decoded results of a granted call; `message` is the response message. */
export type ResponseStub = ValueOf<typeof responseStub>;

/** The results of a refused call: no message, and why. */
export const refusalStub = layout('stub.refusal', {
  responseSize: { ...ndrUint('0'), initial: 0n },
  referentId: ndrReferent('0, the null pointer', 0n),
  hresult: u32('Why the host refuses'),
  trailing: rest('Octets behind the stub'),
});
/** The decoded results of a refused call; `hresult` says why. */
export type RefusalStub = ValueOf<typeof refusalStub>;

/** The decoded results of a call: a message, or a refusal. */
export type AnswerStub =
  | { readonly kind: 'response'; readonly value: ResponseStub }
  | { readonly kind: 'refusal'; readonly value: RefusalStub };

/** How stubs of a transfer syntax are laid out in a PDU of this byte order. */
export function stubEncoding(syntax: TransferSyntax, bigEndian = false): Encoding {
  return encodingWith(bigEndian, syntax === 'ndr64' ? 8 : 4);
}

/** Decodes the arguments of a call. @throws ProtocolError where the stub ends before its lengths say */
export function decodeRequestStub(stub: Uint8Array, encoding: Encoding): RequestStub {
  return decode(requestStub, stub, encoding);
}

/**
 * Encodes the arguments of a call; lengths that the value leaves out follow from its message.
 * @throws ProtocolError `bad-input`
 */
export function encodeRequestStub(value: InputOf<typeof requestStub>, encoding: Encoding): Uint8Array {
  return encode(requestStub, value, encoding);
}

/**
 * Decodes the results of a call: a response where the pointer is set, else a refusal.
 * @throws ProtocolError where the stub ends before its lengths say
 */
export function decodeAnswerStub(stub: Uint8Array, encoding: Encoding): AnswerStub {
  return hasPointer(stub, encoding)
    ? { kind: 'response', value: decode(responseStub, stub, encoding) }
    : { kind: 'refusal', value: decode(refusalStub, stub, encoding) };
}

/** The byte-to-field map of the results of a call. */
export function answerStubFieldMap(stub: Uint8Array, encoding: Encoding): FieldSpan[] {
  return fieldMap(hasPointer(stub, encoding) ? responseStub : refusalStub, stub, encoding);
}

function hasPointer(stub: Uint8Array, { ndrWidth, bigEndian }: Encoding): boolean {
  if (stub.length < 2 * ndrWidth) return false;
  if (ndrWidth === 8) return readU64(stub, 8, bigEndian) !== 0n;
  return (stub[4]! | stub[5]! | stub[6]! | stub[7]!) !== 0;
}

/**
 * Encodes the results of a granted call; lengths that the value leaves out follow from its message.
 * @throws ProtocolError `bad-input`
 */
export function encodeResponseStub(value: InputOf<typeof responseStub>, encoding: Encoding): Uint8Array {
  return encode(responseStub, value, encoding);
}

/** Encodes the results of a refused call. @throws ProtocolError `bad-input` */
export function encodeRefusalStub(value: InputOf<typeof refusalStub>, encoding: Encoding): Uint8Array {
  return encode(refusalStub, value, encoding);
}
