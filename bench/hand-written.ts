/**
 * The codec that a person would write by hand with DataView, field by field, for the same values as the layouts: what the
 * declared codec is measured against. Bounds are checked as a careful person would, once a message.
 */
import type { KmsRequest, KmsResponse } from '../protocol';

const HEX = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));

export function readGuid(b: Uint8Array, o: number): string {
  return (
    HEX[b[o + 3]!]! +
    HEX[b[o + 2]!]! +
    HEX[b[o + 1]!]! +
    HEX[b[o]!]! +
    '-' +
    HEX[b[o + 5]!]! +
    HEX[b[o + 4]!]! +
    '-' +
    HEX[b[o + 7]!]! +
    HEX[b[o + 6]!]! +
    '-' +
    HEX[b[o + 8]!]! +
    HEX[b[o + 9]!]! +
    '-' +
    HEX[b[o + 10]!]! +
    HEX[b[o + 11]!]! +
    HEX[b[o + 12]!]! +
    HEX[b[o + 13]!]! +
    HEX[b[o + 14]!]! +
    HEX[b[o + 15]!]!
  );
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const utf16 = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf16le');

function digit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 97 && code <= 102) return code - 87;
  if (code >= 65 && code <= 70) return code - 55;
  throw new Error('no GUID');
}

function octet(text: string, at: number): number {
  return (digit(text.charCodeAt(at)) << 4) | digit(text.charCodeAt(at + 1));
}

const PLACES = [6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34];

export function writeGuid(b: Uint8Array, o: number, text: string): void {
  if (text.length !== 36) throw new Error('no GUID');
  for (let i = 0; i < 16; i++) b[o + i] = octet(text, PLACES[i]!);
}

export function readRequest(b: Uint8Array): KmsRequest {
  if (b.length !== 252) throw new Error('a request has 252 bytes');
  const v = view(b);
  let end = 236;
  while (end > 108 && b[end - 1] === 0 && b[end - 2] === 0) end -= 2;
  return {
    minorVersion: v.getUint16(0, true),
    majorVersion: v.getUint16(2, true),
    isVirtualMachine: v.getUint32(4, true),
    licenseStatus: v.getUint32(8, true),
    bindingExpirationMinutes: v.getUint32(12, true),
    applicationId: readGuid(b, 16),
    skuId: readGuid(b, 32),
    kmsCountedId: readGuid(b, 48),
    clientMachineId: readGuid(b, 64),
    requiredClientCount: v.getUint32(80, true),
    requestTime: v.getBigUint64(84, true),
    previousClientMachineId: readGuid(b, 92),
    workstationName: utf16(b, 108, end),
    mac: b.subarray(236, 252),
  };
}

export function writeRequest(r: KmsRequest): Uint8Array {
  const b = Buffer.allocUnsafe(252);
  const v = view(b);
  v.setUint16(0, r.minorVersion, true);
  v.setUint16(2, r.majorVersion, true);
  v.setUint32(4, r.isVirtualMachine, true);
  v.setUint32(8, r.licenseStatus, true);
  v.setUint32(12, r.bindingExpirationMinutes, true);
  writeGuid(b, 16, r.applicationId);
  writeGuid(b, 32, r.skuId);
  writeGuid(b, 48, r.kmsCountedId);
  writeGuid(b, 64, r.clientMachineId);
  v.setUint32(80, r.requiredClientCount, true);
  v.setBigUint64(84, r.requestTime, true);
  writeGuid(b, 92, r.previousClientMachineId);
  writeText(b, 108, r.workstationName as string, 128);
  b.set(r.mac, 236);
  return b;
}

export function readResponse(b: Uint8Array): KmsResponse {
  const v = view(b);
  const ePidSize = v.getUint32(4, true);
  if (b.length !== 60 + ePidSize) throw new Error('a response has 60 bytes and the ePID');
  const o = 8 + ePidSize;
  return {
    minorVersion: v.getUint16(0, true),
    majorVersion: v.getUint16(2, true),
    ePidSize,
    ePid: utf16(b, 8, o - 2),
    clientMachineId: readGuid(b, o),
    requestTime: v.getBigUint64(o + 16, true),
    currentClientCount: v.getUint32(o + 24, true),
    activationIntervalMinutes: v.getUint32(o + 28, true),
    renewalIntervalMinutes: v.getUint32(o + 32, true),
    mac: b.subarray(o + 36, o + 52),
  };
}

export function writeResponse(r: KmsResponse): Uint8Array {
  const b = Buffer.allocUnsafe(60 + r.ePidSize);
  const v = view(b);
  const o = 8 + r.ePidSize;
  v.setUint16(0, r.minorVersion, true);
  v.setUint16(2, r.majorVersion, true);
  v.setUint32(4, r.ePidSize, true);
  writeText(b, 8, r.ePid as string, r.ePidSize);
  writeGuid(b, o, r.clientMachineId);
  v.setBigUint64(o + 16, r.requestTime, true);
  v.setUint32(o + 24, r.currentClientCount, true);
  v.setUint32(o + 28, r.activationIntervalMinutes, true);
  v.setUint32(o + 32, r.renewalIntervalMinutes, true);
  b.set(r.mac, o + 36);
  return b;
}

function writeText(b: Buffer, o: number, text: string, size: number): void {
  const written = b.write(text, o, 'utf16le');
  b.fill(0, o + written, o + size);
}

export interface Call<T> {
  readonly callId: number;
  readonly contextId: number;
  readonly message: T;
}

/** A whole request PDU in NDR32: header, stub, message. */
export function readRequestPdu(b: Uint8Array): Call<KmsRequest> {
  const v = view(b);
  checkHeader(v, b.length, 0);
  if (v.getUint32(24, true) !== v.getUint32(28, true)) throw new Error('lengths differ');
  const message = readRequest(b.subarray(32, 32 + v.getUint32(28, true)));
  return { callId: v.getUint32(12, true), contextId: v.getUint16(20, true), message };
}

/** A whole response PDU in NDR32. */
export function readResponsePdu(b: Uint8Array): Call<KmsResponse> {
  const v = view(b);
  checkHeader(v, b.length, 2);
  if (v.getUint32(24, true) !== v.getUint32(32, true)) throw new Error('lengths differ');
  const message = readResponse(b.subarray(36, 36 + v.getUint32(32, true)));
  return { callId: v.getUint32(12, true), contextId: v.getUint16(20, true), message };
}

function checkHeader(v: DataView, length: number, ptype: number): void {
  if (v.getUint8(0) !== 5 || v.getUint8(2) !== ptype) throw new Error('no such PDU');
  if (v.getUint16(8, true) !== length) throw new Error('a frag_length that lies');
}

export function writeRequestPdu({ callId, contextId, message }: Call<KmsRequest>): Uint8Array {
  const inner = writeRequest(message);
  const b = Buffer.allocUnsafe(32 + inner.length);
  const v = view(b);
  writeHeader(v, b.length, 0, callId);
  v.setUint32(16, 8 + inner.length, true);
  v.setUint16(20, contextId, true);
  v.setUint16(22, 0, true);
  v.setUint32(24, inner.length, true);
  v.setUint32(28, inner.length, true);
  b.set(inner, 32);
  return b;
}

export function writeResponsePdu({ callId, contextId, message }: Call<KmsResponse>): Uint8Array {
  const inner = writeResponse(message);
  const padding = -inner.length & 3;
  const b = Buffer.allocUnsafe(36 + inner.length + padding + 4);
  const v = view(b);
  writeHeader(v, b.length, 2, callId);
  v.setUint32(16, b.length - 24, true);
  v.setUint32(20, contextId, true);
  v.setUint32(24, inner.length, true);
  v.setUint32(28, 0x20000, true);
  v.setUint32(32, inner.length, true);
  b.set(inner, 36);
  b.fill(0, 36 + inner.length);
  return b;
}

function writeHeader(v: DataView, length: number, ptype: number, callId: number): void {
  v.setUint32(0, 0x03000005 | (ptype << 16), true);
  v.setUint32(4, 0x10, true);
  v.setUint16(8, length, true);
  v.setUint16(10, 0, true);
  v.setUint32(12, callId, true);
}
