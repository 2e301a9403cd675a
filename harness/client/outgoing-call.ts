import { fragment } from '../../protocol/fragments';
import { encodePdu, type PduInputOf } from '../../protocol/pdu';
import { DREP_BIG_ENDIAN, DREP_LITTLE_ENDIAN } from '../../protocol/pdu-layouts';
import { encodeRequestPdu, type RequestTemplate, stubOf } from '../../protocol/request-pdu';
import { encodeRequestStub, stubEncoding } from '../../protocol/stub';
import type { TransferSyntax } from '../../protocol/syntax';

/** How to send a call; all that is left out is as real clients have it: one whole request PDU of opnum 0 in the accepted context. */
export interface CallOptions {
  readonly callId?: number;
  readonly contextId?: number;
  readonly opnum?: number;
  readonly allocHint?: number;
  /** Cut into fragments whose stubs hold at most this many bytes. */
  readonly maxStubPerFragment?: number;
  /** Send in writes of this many bytes, each a TCP segment of its own. */
  readonly segmentBytes?: number;
  /** Declare and use big-endian integers in headers and stub lengths. */
  readonly bigEndian?: boolean;
  readonly pfcFlags?: number;
  readonly objectUuid?: string;
  /** How the stub is laid out, where that is not as the context says. */
  readonly transferSyntax?: TransferSyntax;
  readonly timeoutMs?: number;
}

/** A call, ready to be sent. */
export interface OutgoingCall {
  readonly callId: number;
  readonly contextId: number;
  readonly transferSyntax: TransferSyntax;
  readonly stub: Uint8Array;
  readonly bigEndian: boolean;
  readonly pdus: readonly Uint8Array[];
}

/** Options of a call that is like every other of its association: its PDU is made from a template. */
export const LIKE_ALL_CALLS: CallOptions = {};

/** A call whose PDU a template made. */
export class TemplateCall implements OutgoingCall {
  readonly contextId: number;
  readonly transferSyntax: TransferSyntax;
  readonly bigEndian: boolean;
  readonly pdus: readonly Uint8Array[];

  constructor(
    template: RequestTemplate,
    message: Uint8Array,
    readonly callId: number,
  ) {
    const { to } = template;
    this.contextId = to.contextId;
    this.transferSyntax = to.transferSyntax;
    this.bigEndian = to.bigEndian;
    this.pdus = [template.fill(message, callId)];
  }

  /** Seldom looked at, and a view of its own takes as long to make as the bytes. */
  get stub(): Uint8Array {
    return stubOf(this.pdus[0]!);
  }
}

/** Options of a call that say where it goes. */
export interface AddressedCall extends CallOptions {
  readonly callId: number;
  readonly contextId: number;
  readonly transferSyntax: TransferSyntax;
}

/** Lays a KMS message out as a stub and that as PDUs. */
export function messageCall(message: Uint8Array, options: AddressedCall): OutgoingCall {
  const { callId, contextId, transferSyntax, bigEndian = false, opnum = 0 } = options;
  const { pfcFlags, allocHint } = options;
  if (options.maxStubPerFragment === undefined && options.objectUuid === undefined) {
    const to = { callId, contextId, transferSyntax, bigEndian, opnum, pfcFlags, allocHint };
    const { pdu, stub } = encodeRequestPdu(message, to);
    return { callId, contextId, transferSyntax, stub, bigEndian, pdus: [pdu] };
  }
  const encoding = stubEncoding(transferSyntax, bigEndian);
  return stubCall(encodeRequestStub({ message }, encoding), options);
}

/** Lays out a stub, whatever it holds, as PDUs. */
export function stubCall(stub: Uint8Array, options: AddressedCall): OutgoingCall {
  const { callId, contextId, transferSyntax, bigEndian = false, opnum = 0 } = options;
  const { pfcFlags, allocHint, objectUuid } = options;
  const whole: PduInputOf<'request'> = {
    kind: 'request',
    header: { callId, pfcFlags, drep: bigEndian ? DREP_BIG_ENDIAN : DREP_LITTLE_ENDIAN },
    body: { contextId, opnum, stub, allocHint, objectUuid },
  };
  const { maxStubPerFragment } = options;
  const parts = maxStubPerFragment === undefined ? [whole] : fragment(whole, maxStubPerFragment);
  return { callId, contextId, transferSyntax, stub, bigEndian, pdus: parts.map(encodePdu) };
}
