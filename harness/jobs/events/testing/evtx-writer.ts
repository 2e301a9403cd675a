import { crc32 } from 'node:zlib';
import { filetimeFromUnixMs } from '../../../../protocol';
import { BinaryXmlWriter } from './binary-xml-writer';

/** One event for a made log. */
export interface MadeEvent {
  readonly id: number;
  /** The classic event's strings. */
  readonly data: readonly string[];
  readonly computer?: string;
  readonly provider?: string;
  readonly qualifiers?: number;
  readonly recordId?: number;
  /** Milliseconds since 1970 UTC. */
  readonly loggedAt?: number;
}

export interface EvtxOptions {
  /** `array`: one value for all strings, as classic events have it. `nested`: a template of their own, as events with a manifest have it. */
  readonly data?: 'array' | 'nested';
  readonly dirty?: boolean;
  readonly recordsPerChunk?: number;
}

const CHUNK_SIZE = 65_536;
const CHUNK_HEADER = 512;
const FILE_HEADER = 4096;

/** Writes a log as Windows does, after the public description of the format; shares nothing with the reader. */
export function writeEvtx(events: readonly MadeEvent[], options: EvtxOptions = {}): Buffer {
  const chunks: Buffer[] = [];
  let chunk = new ChunkWriter(1);
  events.forEach((event, i) => {
    const recordId = event.recordId ?? i + 1;
    const isFull = chunk.records >= (options.recordsPerChunk ?? Infinity);
    if (!isFull && chunk.add(event, recordId, options)) return;
    chunks.push(chunk.finish());
    chunk = new ChunkWriter(recordId);
    if (!chunk.add(event, recordId, options)) throw new Error('an event that is larger than a chunk');
  });
  chunks.push(chunk.finish());
  return Buffer.concat([fileHeader(chunks.length, events.length + 1, options.dirty === true), ...chunks]);
}

function fileHeader(chunks: number, nextRecord: number, dirty: boolean): Buffer {
  const header = Buffer.alloc(FILE_HEADER);
  header.write('ElfFile\0', 0, 'latin1');
  header.writeBigUInt64LE(BigInt(chunks - 1), 16);
  header.writeBigUInt64LE(BigInt(nextRecord), 24);
  header.writeUInt32LE(128, 32);
  header.writeUInt16LE(1, 36);
  header.writeUInt16LE(3, 38);
  header.writeUInt16LE(FILE_HEADER, 40);
  header.writeUInt16LE(chunks, 42);
  header.writeUInt32LE(dirty ? 1 : 0, 120);
  header.writeUInt32LE(crc32(header.subarray(0, 120)), 124);
  return header;
}

class ChunkWriter {
  readonly #xml = new BinaryXmlWriter(CHUNK_HEADER);
  #last = CHUNK_HEADER;
  #lastId: number;
  records = 0;

  constructor(readonly firstId: number) {
    this.#lastId = firstId - 1;
  }

  /** @returns false where there is no room left: the chunk is as it was */
  add(event: MadeEvent, recordId: number, options: EvtxOptions): boolean {
    const xml = this.#xml;
    const before = xml.mark();
    const start = xml.position;
    const logged = filetimeFromUnixMs(event.loggedAt ?? Date.UTC(2026, 10, 21, 7, 16, 54));
    xml.bytes(Buffer.from('2a2a0000', 'hex')).u32(0).u64(BigInt(recordId)).u64(logged);
    writeEvent(xml, event, recordId, logged, options);
    while ((xml.position - start + 4) % 8 !== 0) xml.u8(0);
    const size = xml.position - start + 4;
    xml.u32(size).patchU32(start + 4, size);
    if (xml.position > CHUNK_SIZE) {
      xml.reset(before);
      return false;
    }
    this.#last = start;
    this.#lastId = recordId;
    this.records++;
    return true;
  }

  finish(): Buffer {
    const chunk = Buffer.alloc(CHUNK_SIZE);
    const free = this.#xml.position;
    this.#xml.copyTo(chunk);
    chunk.write('ElfChnk\0', 0, 'latin1');
    [this.firstId, this.#lastId, this.firstId, this.#lastId].forEach((id, i) =>
      chunk.writeBigUInt64LE(BigInt(id), 8 + 8 * i),
    );
    chunk.writeUInt32LE(128, 40);
    chunk.writeUInt32LE(this.#last, 44);
    chunk.writeUInt32LE(free, 48);
    chunk.writeUInt32LE(crc32(chunk.subarray(CHUNK_HEADER, free)), 52);
    this.#xml.nameTable.forEach((offset, i) => chunk.writeUInt32LE(offset, 128 + 4 * i));
    this.#xml.templateTable.forEach((offset, i) => chunk.writeUInt32LE(offset, 384 + 4 * i));
    chunk.writeUInt32LE(crc32(chunk.subarray(128, 512), crc32(chunk.subarray(0, 120))), 124);
    return chunk;
  }
}

const NAMESPACE = 'http://schemas.microsoft.com/win/2004/08/events/event';
const TYPE = { string: 0x01, u16: 0x06, u64: 0x0a, filetime: 0x11, binaryXml: 0x21, strings: 0x81 } as const;

function writeEvent(
  xml: BinaryXmlWriter,
  event: MadeEvent,
  recordId: number,
  logged: bigint,
  options: EvtxOptions,
): void {
  const isNested = options.data === 'nested';
  const template = isNested ? 0x4b4d5302 : 0x4b4d5301;
  xml.fragmentHeader();
  xml.templateInstance(template, () => eventTemplate(xml, isNested), [
    { type: TYPE.u16, write: () => xml.u16(event.id) },
    { type: TYPE.u16, write: () => xml.u16(event.qualifiers ?? 16384) },
    { type: TYPE.filetime, write: () => xml.u64(logged) },
    { type: TYPE.u64, write: () => xml.u64(BigInt(recordId)) },
    { type: TYPE.string, write: () => xml.text(event.computer ?? 'kms01.example.test') },
    { type: TYPE.string, write: () => xml.text(event.provider ?? 'Microsoft-Windows-Security-SPP') },
    isNested
      ? { type: TYPE.binaryXml, write: () => nestedData(xml, event.data) }
      : { type: TYPE.strings, write: () => event.data.forEach((value) => xml.text(`${value}\0`)) },
    // No activity: its attribute and element are optional.
    { type: 0, write: () => undefined },
  ]);
  xml.endOfFile();
}

function eventTemplate(xml: BinaryXmlWriter, isNested: boolean): void {
  xml.element('Event', [['xmlns', () => xml.value(NAMESPACE)]], () => {
    xml.element('System', [], () => {
      xml.element('Provider', [['Name', () => xml.substitution(5, TYPE.string)]], null);
      xml.element('EventID', [['Qualifiers', () => xml.substitution(1, TYPE.u16)]], () =>
        xml.substitution(0, TYPE.u16),
      );
      xml.element('Level', [], () => xml.value('4'));
      xml.element('Task', [], () => xml.optional(7, TYPE.u16));
      xml.element('TimeCreated', [['SystemTime', () => xml.substitution(2, TYPE.filetime)]], null);
      xml.element('EventRecordID', [], () => xml.substitution(3, TYPE.u64));
      xml.element('Channel', [], () => xml.value('Key Management Service'));
      xml.element('Computer', [], () => xml.substitution(4, TYPE.string));
      xml.element('Security', [], null);
    });
    if (isNested) xml.optional(6, TYPE.binaryXml);
    else xml.element('EventData', [], () => xml.element('Data', [], () => xml.optional(6, TYPE.strings)));
  });
}

/** `<EventData>` as a value, with a template of its own: one `<Data>` for each string. */
function nestedData(xml: BinaryXmlWriter, data: readonly string[]): void {
  xml.fragmentHeader();
  const definition = (): void =>
    xml.element('EventData', [], () => {
      data.forEach((_, i) => {
        xml.element('Data', [['Name', () => xml.value(`param${i + 1}`)]], () =>
          xml.substitution(i, TYPE.string),
        );
      });
    });
  const values = data.map((value) => ({ type: TYPE.string, write: () => xml.text(value) }));
  xml.templateInstance(0x4b4d5400 + data.length, definition, values);
  xml.endOfFile();
}
