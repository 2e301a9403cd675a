import type { PacketMark } from '../packet';
import { type Segment, TCP } from '../net/segment';
import type { Direction } from './half-stream';

/** Flags that a connection's life is told by; other segments are not looked at. */
export const TELLING = TCP.syn | TCP.rst | TCP.fin;

/** A SYN that comes again so soon is the same one, seen at another place: clients wait for longer before they repeat it. */
const SAME_SYN_NS = 100_000_000n;

/** What happened on a connection as far as TCP tells it: kept for connections of which nothing else is. */
export class ConnectionLife {
  readonly startedNs: bigint;
  readonly fileOffset: number;
  /** SYNs without an ACK, and when the last came. */
  syns = 0;
  lastSynNs = 0n;
  /** A SYN with an ACK was seen. */
  accepted = false;
  /** Octets of payload, of both directions, while somebody reads the connection. */
  payload = 0;
  /** The end that reset the connection first, -1 for none; that sent a FIN first. */
  resetBy: Direction | -1 = -1;
  closedBy: Direction | -1 = -1;

  constructor(mark: PacketMark) {
    this.startedNs = mark.timestampNs;
    this.fileOffset = mark.fileOffset;
  }

  /** Takes a segment with one of the flags `TELLING` into account. */
  note({ flags }: Segment, direction: Direction, mark: PacketMark): void {
    if ((flags & TCP.rst) !== 0 && this.resetBy < 0) this.resetBy = direction;
    if ((flags & TCP.fin) !== 0 && this.closedBy < 0) this.closedBy = direction;
    if ((flags & TCP.syn) === 0) return;
    if ((flags & TCP.ack) !== 0) {
      this.accepted = true;
    } else if (this.syns === 0 || mark.timestampNs - this.lastSynNs > SAME_SYN_NS) {
      this.syns++;
      this.lastSynNs = mark.timestampNs;
    }
  }
}
