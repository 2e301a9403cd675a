import { decode, fieldMap, type FieldSpan } from './codec/decode';
import { encode } from './codec/encode';
import { ProtocolError } from './errors';
import {
  bytes,
  bytesOf,
  filetime,
  guid,
  type InputOf,
  layout,
  rest,
  text,
  u16,
  u32,
  type ValueOf,
  zeroBytes,
} from './layout';

/** Bytes of the MAC that ends both messages. */
export const MAC_SIZE = 16;
/** Bytes of a version 4 request (Operations Guide, appendix 1). */
export const REQUEST_SIZE = 252;
/** Bytes of the largest version 4 response: an ePID of 128. */
export const MAX_RESPONSE_SIZE = 188;
/** Bytes of a response without its ePID. */
export const RESPONSE_OVERHEAD = 60;
/** The most bytes that the ePID of a response takes, its NUL included. */
export const MAX_EPID_SIZE = 128;

const VERSIONS = { values: { 4: 'v4', 5: 'v5', 6: 'v6' } };

/** Names of the values of a request's license status. */
export const LICENSE_STATUS: Readonly<Record<number, string>> = {
  0: 'unlicensed',
  1: 'licensed',
  2: 'OOB grace',
  3: 'OOT grace',
  4: 'non-genuine grace',
  5: 'notification',
  6: 'extended grace',
};

/** The version 4 request (Operations Guide, appendix 1, "KMS RPC Messages"). */
export const kmsRequest = layout('kms.request', {
  minorVersion: u16('Protocol minor version'),
  majorVersion: u16('Protocol major version', VERSIONS),
  isVirtualMachine: u32('VMInfo: 1 where the client is a virtual machine', {
    values: { 0: 'physical', 1: 'virtual' },
  }),
  licenseStatus: u32('License status of the client', { values: LICENSE_STATUS }),
  bindingExpirationMinutes: u32('Minutes left in that status'),
  applicationId: guid('AppID: the application'),
  skuId: guid('ActID: the SKU, or activation id'),
  kmsCountedId: guid('KMSID: what the host grants or refuses'),
  clientMachineId: guid('CMID: the client machine'),
  requiredClientCount: u32('N_Policy: machines the host must count before this client is activated'),
  requestTime: filetime('Client clock, UTC'),
  previousClientMachineId: guid('CMID before this one, zeros if it never changed'),
  workstationName: text('Name of the client machine', 128),
  mac: zeroBytes('MAC over all that precedes it', MAC_SIZE),
});
/** A decoded version 4 request: times are FILETIMEs, durations minutes, GUIDs lower-case strings. */
export type KmsRequest = ValueOf<typeof kmsRequest>;
/** What `encodeRequest` takes: lengths and what has an initial value may be left out; the units are those of {@link KmsRequest}. */
export type KmsRequestInput = InputOf<typeof kmsRequest>;

/** The version 4 response (Operations Guide, appendix 1). */
export const kmsResponse = layout('kms.response', {
  minorVersion: u16('Protocol minor version, as in the request'),
  majorVersion: u16('Protocol major version, as in the request', VERSIONS),
  ePidSize: bytesOf(u32('PIDSize: bytes of the ePID, its NUL included'), 'ePid'),
  ePid: text('KmsPID: extended product id of the host', { field: 'ePidSize' }),
  clientMachineId: guid('CMID, as in the request'),
  requestTime: filetime('Client clock, as in the request'),
  currentClientCount: u32('Count: machines the host counts now'),
  activationIntervalMinutes: u32(
    'VLActivationInterval: minutes until a client that was not activated tries again',
  ),
  renewalIntervalMinutes: u32('VLRenewalInterval: minutes until an activated client renews'),
  mac: zeroBytes('MAC over all that precedes it', MAC_SIZE),
});
/** A decoded version 4 response: times are FILETIMEs, durations minutes, GUIDs lower-case strings. */
export type KmsResponse = ValueOf<typeof kmsResponse>;
/** What `encodeResponse` takes: lengths and what has an initial value may be left out; the units are those of {@link KmsResponse}. */
export type KmsResponseInput = InputOf<typeof kmsResponse>;

/** Versions 5 and 6, either way: the clear part, and the rest sealed. */
export const sealedMessage = layout('kms.sealed', {
  minorVersion: u16('Protocol minor version'),
  majorVersion: u16('Protocol major version', VERSIONS),
  initializationVector: bytes('Initialization vector', 16),
  sealed: rest('Encrypted; this project has no key for it'),
});
/** A message of version 5 or 6: its version, its initialization vector, and bytes that are not decrypted here. */
export type SealedMessage = ValueOf<typeof sealedMessage>;

/** A message whose version the project reads, or one that is sealed. */
export type Message<T> =
  | { readonly kind: 'clear'; readonly value: T }
  | { readonly kind: 'sealed'; readonly value: SealedMessage };

/** Versions 5 and 6 are sealed; everything else is tried as version 4. */
function isSealed(message: Uint8Array): boolean {
  if (message.length < 4) return false;
  const major = message[2]! | (message[3]! << 8);
  return major === 5 || major === 6;
}

/**
 * Decodes the bytes of one request message (docs/fields.md, `kms.request`); of versions 5 and 6 the clear part.
 * @throws ProtocolError where the bytes are neither a version 4 request nor a sealed message
 */
export function decodeRequest(message: Uint8Array): Message<KmsRequest> {
  if (isSealed(message)) return { kind: 'sealed', value: decode(sealedMessage, message) };
  return { kind: 'clear', value: decode(kmsRequest, message) };
}

/**
 * Decodes the bytes of one response message (docs/fields.md, `kms.response`); of versions 5 and 6 the clear part.
 * @throws ProtocolError where the bytes are neither a version 4 response nor a sealed message
 */
export function decodeResponse(message: Uint8Array): Message<KmsResponse> {
  if (isSealed(message)) return { kind: 'sealed', value: decode(sealedMessage, message) };
  return { kind: 'clear', value: decode(kmsResponse, message) };
}

/**
 * Which bytes of a request message are which field, sealed ones too.
 * @throws ProtocolError where it does not decode
 */
export function requestFieldMap(message: Uint8Array): FieldSpan[] {
  return fieldMap(isSealed(message) ? sealedMessage : kmsRequest, message);
}

/**
 * Which bytes of a response message are which field, sealed ones too.
 * @throws ProtocolError where it does not decode
 */
export function responseFieldMap(message: Uint8Array): FieldSpan[] {
  return fieldMap(isSealed(message) ? sealedMessage : kmsResponse, message);
}

/** A function that computes a MAC over bytes; see `createMac`. */
export type Mac = (data: Uint8Array) => Uint8Array;

/** Encodes a request; with `sign`, its MAC is computed unless the value gives one. */
export function encodeRequest(value: KmsRequestInput, sign?: Mac): Uint8Array {
  return signed(encode(kmsRequest, value), value.mac === undefined ? sign : undefined);
}

/** Encodes a response; with `sign`, its MAC is computed unless the value gives one. */
export function encodeResponse(value: KmsResponseInput, sign?: Mac): Uint8Array {
  return signed(encode(kmsResponse, value), value.mac === undefined ? sign : undefined);
}

function signed(message: Uint8Array, sign: Mac | undefined): Uint8Array {
  if (sign !== undefined) {
    const macStart = message.length - MAC_SIZE;
    message.set(sign(message.subarray(0, macStart)), macStart);
  }
  return message;
}

/** Whether a message ends in the MAC of what precedes it; one that is shorter than a MAC does not. */
export function verifyMac(message: Uint8Array, mac: Mac): boolean {
  const macStart = message.length - MAC_SIZE;
  return Buffer.compare(mac(message.subarray(0, macStart)), message.subarray(macStart)) === 0;
}

/**
 * Overwrites one field of an encoded message in place, whatever the rest says: a lying PIDSize, a stray octet.
 * @throws ProtocolError `bad-input` where the message has no such field
 */
export function overwriteField(
  message: Uint8Array,
  map: readonly FieldSpan[],
  path: string,
  octets: Uint8Array,
): void {
  const span = map.find((candidate) => candidate.path === path);
  if (span === undefined || octets.length > span.length) {
    throw new ProtocolError({
      code: 'bad-input',
      path,
      offset: span?.offset ?? 0,
      expected: span === undefined ? 'a field of the message' : `at most ${span.length} bytes`,
      actual: span === undefined ? 'none of that name' : `${octets.length} bytes`,
    });
  }
  message.set(octets, span.offset);
}
