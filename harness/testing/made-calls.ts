import {
  encodePdu,
  encodeRequest,
  encodeRequestStub,
  encodeResponse,
  encodeResponseStub,
  filetimeFromUnixMs,
  KMS_INTERFACE,
  type KmsRequestInput,
  type KmsResponseInput,
  NDR32,
  NIL_GUID,
  type PduInputOf,
  stubEncoding,
} from '../../protocol';

/** PDUs and messages for tests that need other ones than those recorded. */

export const CONTEXT = {
  contextId: 0,
  abstractSyntax: KMS_INTERFACE,
  transferSyntaxes: [NDR32],
};
export const BIND_BODY = { maxXmitFrag: 5840, maxRecvFrag: 5840 };

export function bindPdu(): Uint8Array {
  return encodePdu({ kind: 'bind', header: { callId: 1 }, body: { ...BIND_BODY, contexts: [CONTEXT] } });
}

export function bindAckPdu(): Uint8Array {
  return encodePdu({
    kind: 'bindAck',
    header: { callId: 1 },
    body: {
      ...BIND_BODY,
      assocGroupId: 1,
      secondaryAddress: Buffer.from('1688\0'),
      results: [{ result: 0, reason: 0, transferSyntax: NDR32 }],
    },
  });
}

const REQUEST_TIME = filetimeFromUnixMs(Date.UTC(2026, 10, 21, 7, 16, 55));
const CMID = '11111111-1111-4111-8111-111111111111';

export const requestMessage = (fields: Partial<KmsRequestInput> = {}): Uint8Array =>
  encodeRequest({
    minorVersion: 0,
    majorVersion: 4,
    isVirtualMachine: 0,
    licenseStatus: 2,
    bindingExpirationMinutes: 43200,
    applicationId: '55c92734-d682-4d71-983e-d6ec3f16059f',
    skuId: 'ae2ee509-1b34-41c0-acb7-6d4650168915',
    kmsCountedId: '7fde5219-fbfa-484a-82c9-34d1ad53e856',
    clientMachineId: CMID,
    requiredClientCount: 25,
    requestTime: REQUEST_TIME,
    previousClientMachineId: NIL_GUID,
    workstationName: 'PC-1.example.test',
    ...fields,
  });

export const responseMessage = (fields: Partial<KmsResponseInput> = {}): Uint8Array =>
  encodeResponse({
    minorVersion: 0,
    majorVersion: 4,
    ePid: '55041-00206-551-232271-03-1033-7601.0000-1122024',
    clientMachineId: CMID,
    requestTime: REQUEST_TIME,
    currentClientCount: 7,
    activationIntervalMinutes: 120,
    renewalIntervalMinutes: 10080,
    ...fields,
  });

/** A request of call 2 in the first context. */
export const requestPdu = (message: Uint8Array, more: Partial<PduInputOf<'request'>['header']> = {}) =>
  encodePdu({
    kind: 'request',
    header: { callId: 2, ...more },
    body: { contextId: 0, opnum: 0, stub: encodeRequestStub({ message }, stubEncoding('ndr32')) },
  });

/** Its response; `stub` overrides what the stub says of the message. */
export const responsePdu = (message: Uint8Array, stub: Record<string, unknown> = {}) =>
  encodePdu({
    kind: 'response',
    header: { callId: 2 },
    body: { contextId: 0, stub: encodeResponseStub({ message, ...stub }, stubEncoding('ndr32')) },
  });
