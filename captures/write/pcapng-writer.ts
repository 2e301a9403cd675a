import { BLOCK, BYTE_ORDER_MAGIC } from '../file/pcapng-blocks';
import { LINK } from '../link/link';
import type { ByteSink } from './byte-sink';
import type { PacketToWrite, PacketWriter } from './packet-writer';
import { SNAP_LENGTH } from './pcap-writer';

/** Options of pcapng (draft-ietf-opsawg-pcapng). */
const OPTION = { end: 0, interfaceName: 2, userApplication: 4, timestampResolution: 9 } as const;
const NANOSECONDS = 9;
const LAST_TIME = (1n << 64n) - 1n;

/** What the section header of a pcapng file says, and its first interface. */
export interface PcapngOptions {
  /** What the section says wrote it. */
  readonly application?: string;
  /** The first interface; further ones come by `addInterface`. None is declared where this is null. */
  readonly firstInterface?: InterfaceOptions | null;
}

/** An interface of a pcapng file. */
export interface InterfaceOptions {
  /** LINKTYPE_ number; Ethernet by default. */
  readonly linkType?: number;
  readonly name?: string;
}

/** Writes pcapng, little-endian, one section, times in nanoseconds. */
export class PcapngWriter implements PacketWriter {
  #interfaces = 0;

  constructor(
    private readonly sink: ByteSink,
    { application = 'kmsspec', firstInterface = {} }: PcapngOptions = {},
  ) {
    const body = Buffer.alloc(16);
    body.writeUInt32LE(BYTE_ORDER_MAGIC, 0);
    body.writeUInt16LE(1, 4);
    // The length of the section is not known beforehand.
    body.writeBigInt64LE(-1n, 8);
    this.#block(BLOCK.section, [body, option(OPTION.userApplication, Buffer.from(application)), END]);
    if (firstInterface !== null) this.addInterface(firstInterface);
  }

  /** Declares an interface and returns the number that packets name it by. */
  addInterface({ linkType = LINK.ethernet, name }: InterfaceOptions = {}): number {
    const body = Buffer.alloc(8);
    body.writeUInt16LE(linkType, 0);
    body.writeUInt32LE(SNAP_LENGTH, 4);
    const named = name === undefined ? [] : [option(OPTION.interfaceName, Buffer.from(name))];
    this.#block(BLOCK.interface, [
      body,
      ...named,
      option(OPTION.timestampResolution, Buffer.of(NANOSECONDS)),
      END,
    ]);
    return this.#interfaces++;
  }

  /** A time that 64 bits of nanoseconds cannot hold becomes the nearest that they can; a packet longer than any reader takes is cut. */
  packet({ timestampNs, data, originalLength, interfaceId = 0 }: PacketToWrite): void {
    const kept = data.subarray(0, SNAP_LENGTH);
    const time = timestampNs < 0n ? 0n : timestampNs > LAST_TIME ? LAST_TIME : timestampNs;
    const header = Buffer.alloc(20);
    header.writeUInt32LE(interfaceId, 0);
    header.writeUInt32LE(Number(BigInt.asUintN(32, time >> 32n)), 4);
    header.writeUInt32LE(Number(BigInt.asUintN(32, time)), 8);
    header.writeUInt32LE(kept.length, 12);
    header.writeUInt32LE(originalLength ?? data.length, 16);
    this.#block(BLOCK.enhancedPacket, [header, padded(kept)]);
  }

  close(): void {
    this.sink.close();
  }

  /** One write a block, so that a kill leaves no half of one. */
  #block(type: number, parts: readonly Uint8Array[]): void {
    const length = 12 + parts.reduce((sum, part) => sum + part.length, 0);
    const edge = Buffer.alloc(12);
    edge.writeUInt32LE(type, 0);
    edge.writeUInt32LE(length, 4);
    edge.writeUInt32LE(length, 8);
    this.sink.write(Buffer.concat([edge.subarray(0, 8), ...parts, edge.subarray(8)]));
  }
}

const END = Buffer.alloc(4);

function option(code: number, value: Uint8Array): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt16LE(code, 0);
  header.writeUInt16LE(value.length, 2);
  return Buffer.concat([header, padded(value)]);
}

function padded(bytes: Uint8Array): Uint8Array {
  const missing = (4 - (bytes.length % 4)) % 4;
  return missing === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(missing)]);
}
