/**
 * The same messages with the two most used declarative binary codecs on npm, each with converters to the same values.
 * binary-parser decodes only.
 */
import { Parser } from 'binary-parser';
import * as r from 'restructure';
import type { KmsRequest, KmsResponse } from '../protocol';
import { readGuid, writeGuid } from './hand-written';

const asGuid = (stored: unknown): string => readGuid(stored as Uint8Array, 0);
const filled = (stored: unknown): string => {
  const bytes = stored as Buffer;
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0 && bytes[end - 2] === 0) end -= 2;
  return bytes.toString('utf16le', 0, end);
};
const terminated = (stored: unknown): string =>
  (stored as Buffer).toString('utf16le', 0, (stored as Buffer).length - 2);

const guidOptions = { length: 16, formatter: asGuid };

export const parserRequest = new Parser()
  .endianness('little')
  .uint16('minorVersion')
  .uint16('majorVersion')
  .uint32('isVirtualMachine')
  .uint32('licenseStatus')
  .uint32('bindingExpirationMinutes')
  .buffer('applicationId', guidOptions)
  .buffer('skuId', guidOptions)
  .buffer('kmsCountedId', guidOptions)
  .buffer('clientMachineId', guidOptions)
  .uint32('requiredClientCount')
  .uint64('requestTime')
  .buffer('previousClientMachineId', guidOptions)
  .buffer('workstationName', { length: 128, formatter: filled })
  .buffer('mac', { length: 16 }) as unknown as { parse(bytes: Uint8Array): KmsRequest };

export const parserResponse = new Parser()
  .endianness('little')
  .uint16('minorVersion')
  .uint16('majorVersion')
  .uint32('ePidSize')
  .buffer('ePid', { length: 'ePidSize', formatter: terminated })
  .buffer('clientMachineId', guidOptions)
  .uint64('requestTime')
  .uint32('currentClientCount')
  .uint32('activationIntervalMinutes')
  .uint32('renewalIntervalMinutes')
  .buffer('mac', { length: 16 }) as unknown as { parse(bytes: Uint8Array): KmsResponse };

class Guid {
  size(): number {
    return 16;
  }
  decode(stream: r.DecodeStream): string {
    const guid = readGuid(stream.buffer, stream.pos);
    stream.pos += 16;
    return guid;
  }
  encode(stream: r.EncodeStream, value: string): void {
    writeGuid(stream.buffer, stream.pos, value);
    stream.pos += 16;
  }
}

class Uint64 {
  size(): number {
    return 8;
  }
  decode(stream: r.DecodeStream): bigint {
    const value = stream.view.getBigUint64(stream.pos, true);
    stream.pos += 8;
    return value;
  }
  encode(stream: r.EncodeStream, value: bigint): void {
    stream.view.setBigUint64(stream.pos, value, true);
    stream.pos += 8;
  }
}

/** Text with a NUL: of a fixed size, or of the size that a field before it gives. */
class Text {
  constructor(private readonly length: number | string) {}
  size(value: string | undefined): number {
    return typeof this.length === 'number' ? this.length : 2 * (value ?? '').length + 2;
  }
  decode(stream: r.DecodeStream, parent: Record<string, number>): string {
    const size = typeof this.length === 'number' ? this.length : parent[this.length]!;
    const bytes = Buffer.from(stream.buffer.buffer, stream.buffer.byteOffset + stream.pos, size);
    stream.pos += size;
    return typeof this.length === 'number' ? filled(bytes) : terminated(bytes);
  }
  encode(stream: r.EncodeStream, value: string): void {
    const { buffer } = stream;
    const written = Buffer.from(buffer.buffer, buffer.byteOffset, buffer.length).write(
      value,
      stream.pos,
      'utf16le',
    );
    buffer.fill(0, stream.pos + written, stream.pos + this.size(value));
    stream.pos += this.size(value);
  }
}

export const restructureRequest = new r.Struct({
  minorVersion: r.uint16le,
  majorVersion: r.uint16le,
  isVirtualMachine: r.uint32le,
  licenseStatus: r.uint32le,
  bindingExpirationMinutes: r.uint32le,
  applicationId: new Guid(),
  skuId: new Guid(),
  kmsCountedId: new Guid(),
  clientMachineId: new Guid(),
  requiredClientCount: r.uint32le,
  requestTime: new Uint64(),
  previousClientMachineId: new Guid(),
  workstationName: new Text(128),
  mac: new r.Buffer(16),
});

export const restructureResponse = new r.Struct({
  minorVersion: r.uint16le,
  majorVersion: r.uint16le,
  ePidSize: r.uint32le,
  ePid: new Text('ePidSize'),
  clientMachineId: new Guid(),
  requestTime: new Uint64(),
  currentClientCount: r.uint32le,
  activationIntervalMinutes: r.uint32le,
  renewalIntervalMinutes: r.uint32le,
  mac: new r.Buffer(16),
});
