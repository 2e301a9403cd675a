import { EventEmitter } from 'node:events';
import { parse, type PacketHeader } from 'pcap-parser';
import { CapturedPacket, type PacketClock } from '../packet';
import { FILE_HEADER, type PcapHeader, pcapClock, RECORD_HEADER } from './pcap-header';

/** Turns whole, checked records of a classic pcap into packets, in the order of the file. */
export interface RecordReader {
  read(records: Buffer): CapturedPacket[];
}

/** Through pcap-parser, which is fed by calls, not by a stream: back-pressure is not calling. */
export class ParserRecords implements RecordReader {
  readonly #feed = new EventEmitter() as EventEmitter & { pause(): void; resume(): void };
  #packets: CapturedPacket[] = [];
  #offset = FILE_HEADER;

  constructor(header: PcapHeader) {
    this.#feed.pause = this.#feed.resume = () => undefined;
    const clock = pcapClock(header.nanoseconds);
    const { linkType } = header;
    parse(this.#feed).on('packet', (packet: { header: PacketHeader; data: Buffer }) => {
      const { timestampSeconds, timestampMicroseconds, originalLength } = packet.header;
      const [high, low] = [timestampSeconds, timestampMicroseconds];
      this.#packets.push(
        new CapturedPacket(clock, high, low, linkType, packet.data, originalLength, this.#offset),
      );
      this.#offset += RECORD_HEADER + packet.data.length;
    });
    this.#feed.emit('data', headerThatItKnows(header.bigEndian));
  }

  read(records: Buffer): CapturedPacket[] {
    this.#feed.emit('data', records);
    const packets = this.#packets;
    this.#packets = [];
    return packets;
  }
}

/** Microseconds, version 2.4: whatever the file says, for records are the same in all that are read. */
function headerThatItKnows(bigEndian: boolean): Buffer {
  const header = Buffer.alloc(FILE_HEADER);
  if (bigEndian) {
    header.writeUInt32BE(0xa1b2c3d4, 0);
    header.writeUInt16BE(2, 4);
    header.writeUInt16BE(4, 6);
  } else {
    header.writeUInt32LE(0xa1b2c3d4, 0);
    header.writeUInt16LE(2, 4);
    header.writeUInt16LE(4, 6);
  }
  return header;
}

/**
 * Round pcap-parser, for reading whole captures at speed: it puts together the names of the methods it calls anew for each of
 * the four integers of a record, and makes three views and two objects a packet. A test holds the two against each other.
 * Its packets are views of `records`, where pcap-parser makes a copy: they are valid as long as these are.
 */
export class DirectRecords implements RecordReader {
  readonly #clock: PacketClock;
  #offset = FILE_HEADER;

  constructor(private readonly header: PcapHeader) {
    this.#clock = pcapClock(header.nanoseconds);
  }

  read(bytes: Buffer): CapturedPacket[] {
    const { bigEndian, linkType } = this.header;
    const packets: CapturedPacket[] = [];
    let at = 0;
    while (at < bytes.length) {
      const start = at + RECORD_HEADER;
      const high = bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
      const low = bigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4);
      const captured = bigEndian ? bytes.readUInt32BE(at + 8) : bytes.readUInt32LE(at + 8);
      const original = bigEndian ? bytes.readUInt32BE(at + 12) : bytes.readUInt32LE(at + 12);
      const data = bytes.subarray(start, start + captured);
      packets.push(new CapturedPacket(this.#clock, high, low, linkType, data, original, this.#offset + at));
      at = start + captured;
    }
    this.#offset += at;
    return packets;
  }
}
