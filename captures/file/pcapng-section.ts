import { CapturedPacket, type PacketClock } from '../packet';
import type { WarningLog } from '../warnings';
import { MAX_PACKET } from './pcap-header';
import { BLOCK, type SectionReader, timeOptions } from './pcapng-blocks';
import { NO_CLOCK, pcapngClock } from './pcapng-clock';

/** A damaged or hostile file may declare interfaces without end. */
const MAX_INTERFACES = 4096;

interface Interface {
  readonly linkType: number;
  readonly snapLength: number;
  readonly clock: PacketClock;
}

/** One section of a pcapng file: its byte order and the interfaces that its packet blocks refer to. */
export class PcapngSection {
  readonly #interfaces: Interface[] = [];

  constructor(
    private readonly reader: SectionReader,
    private readonly warnings: WarningLog,
  ) {}

  /**
   * Reads one whole block. Blocks that hold no packet yield none; a packet block that does not fit is told and passed over.
   * @param offset of the block in the file
   */
  read(type: number, block: Buffer, offset: number): CapturedPacket | null {
    // Body without type and length in front, and the repeated length behind.
    const end = block.length - 4;
    switch (type) {
      case BLOCK.interface:
        this.#declare(block, end, offset);
        return null;
      case BLOCK.enhancedPacket:
        if (end < 28) return this.#bad(offset, 'an enhanced packet block is too short');
        return this.#packet(block, this.reader.u32(block, 8), end, offset);
      case BLOCK.obsoletePacket:
        if (end < 28) return this.#bad(offset, 'an obsolete packet block is too short');
        return this.#packet(block, this.reader.u16(block, 8), end, offset);
      case BLOCK.simplePacket:
        return this.#simplePacket(block, end, offset);
      default:
        return null;
    }
  }

  #declare(block: Buffer, end: number, offset: number): void {
    if (end < 16) {
      this.#bad(offset, 'an interface block is too short');
    } else if (this.#interfaces.length >= MAX_INTERFACES) {
      this.warnings.addOnce(
        'interfaces',
        offset,
        `more than ${MAX_INTERFACES} interfaces: the rest is passed over`,
      );
    } else {
      const { resolution, offsetSeconds } = timeOptions(block, 16, end, this.reader);
      this.#interfaces.push({
        linkType: this.reader.u16(block, 8),
        snapLength: this.reader.u32(block, 12),
        clock: pcapngClock(resolution, offsetSeconds),
      });
    }
  }

  /** Enhanced and obsolete packet blocks differ only in how they name the interface. */
  #packet(block: Buffer, index: number, end: number, offset: number): CapturedPacket | null {
    const { reader } = this;
    const from = this.#interfaces[index];
    if (from === undefined) return this.#undeclared(offset, index);
    const captured = reader.u32(block, 20);
    if (captured > MAX_PACKET || 28 + captured > end) {
      return this.#bad(offset, `a packet block claims ${captured} bytes, it holds ${end - 28}`);
    }
    const data = block.subarray(28, 28 + captured);
    const [high, low] = [reader.u32(block, 12), reader.u32(block, 16)];
    return new CapturedPacket(from.clock, high, low, from.linkType, data, reader.u32(block, 24), offset);
  }

  #simplePacket(block: Buffer, end: number, offset: number): CapturedPacket | null {
    const from = this.#interfaces[0];
    if (end < 12 || from === undefined)
      return this.#bad(offset, 'a simple packet block without an interface');
    const original = this.reader.u32(block, 8);
    const limit = from.snapLength === 0 ? original : Math.min(original, from.snapLength);
    const data = block.subarray(12, Math.min(12 + limit, end));
    this.warnings.addOnce('simple', offset, 'simple packet blocks carry no time: it is given as 1970-01-01');
    return new CapturedPacket(NO_CLOCK, 0, 0, from.linkType, data, original, offset);
  }

  /** Once for each: all packets of an interface whose block is missing may be in the file. */
  #undeclared(offset: number, index: number): null {
    const message = `a packet block names interface ${index}, which was not declared: passed over`;
    this.warnings.addOnce(`interface ${index}`, offset, message);
    return null;
  }

  #bad(offset: number, message: string): null {
    this.warnings.add(offset, `${message}: passed over`);
    return null;
  }
}
