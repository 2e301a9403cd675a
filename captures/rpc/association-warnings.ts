import type { ProtocolError } from '../../protocol';
import type { PacketMark } from '../packet';
import type { Connection } from '../tcp/connection';
import type { Direction } from '../tcp/half-stream';
import type { WarningLog } from '../warnings';

/** What keeps a connection, or a part of it, from being read: each with the offset of the packet where it showed. */
export class AssociationWarnings {
  constructor(
    private readonly connection: Connection,
    private readonly log: WarningLog,
  ) {}

  /** Cuts by a snap length were told once for all packets. */
  gap(direction: Direction, length: number, mark: PacketMark, cut: boolean): void {
    if (!cut)
      this.#add(
        direction,
        mark,
        `${length} bytes are missing in the capture; reading goes on at the next PDU`,
      );
  }

  conflict(direction: Direction, mark: PacketMark): void {
    this.#add(direction, mark, 'a retransmission differs from the first copy, which is taken');
  }

  lost(direction: Direction, position: number, mark: PacketMark): void {
    const what = `no DCE/RPC header where one should stand, ${position} bytes into the stream`;
    this.#add(direction, mark, `${what}; reading goes on at the next one`);
  }

  undecodable(direction: Direction, mark: PacketMark, error: ProtocolError): void {
    this.#add(direction, mark, `a PDU that does not decode is passed over: ${error.message}`);
  }

  wrongEnd(direction: Direction, kind: string, mark: PacketMark): void {
    this.#add(direction, mark, `a ${kind} PDU comes from the wrong end and is passed over`);
  }

  /** What is read although no rule allows it: told once a connection. */
  odd(what: string, mark: PacketMark | null): void {
    const { index } = this.connection;
    this.log.addOnce(`${index} ${what}`, mark?.fileOffset ?? 0, `connection ${index}: ${what}`);
  }

  #add(direction: Direction, mark: PacketMark, what: string): void {
    if (this.log.isFull) return this.log.addMore(mark.fileOffset);
    this.log.add(mark.fileOffset, `${this.connection.describe(direction)}: ${what}`);
  }
}
