import { type Address, formatEndpoint, sameAddress, type Segment, TCP } from '../net/segment';
import type { PacketMark } from '../packet';
import type { AssociationStory } from '../rpc/story';
import { ConnectionLife, TELLING } from './connection-life';
import { type Direction, HalfStream, type StreamSink } from './half-stream';

/** What reads a connection's two streams. */
export interface ConnectionReader extends StreamSink {
  /** Nothing more comes. */
  end(mark: PacketMark): void;
}

/** A sequence number this far from what was expected belongs to another connection with the same ports. */
const FAR = 1 << 20;

/** One TCP connection of the capture. */
export class Connection implements StreamSink {
  /** Next in the tracker's hash bucket. */
  nextInBucket: Connection | null = null;
  lastSeconds = 0;
  /** Number of the packet that was its last. */
  lastPacket = 0;
  /** Reset, or closed from both ends. */
  closed = false;
  /** The reader has no use for it, or has read it to its end: payload is dropped unread. */
  ignored = false;
  readonly addresses: readonly [Address, Address];
  readonly ports: readonly [number, number];
  readonly family: 4 | 6;
  readonly life: ConnectionLife;
  /** What its association came to; null unless it may be one with a KMS host. */
  story: AssociationStory | null = null;
  /** Ports and last words of the addresses once more, as plain numbers: these are compared for every packet. */
  readonly #portA: number;
  readonly #portB: number;
  readonly #lastA: number;
  readonly #lastB: number;
  #halves: readonly [HalfStream, HalfStream] | null = null;
  #reader: ConnectionReader | null = null;
  /** Sequence number of each end's SYN, -1 where it was not seen. */
  readonly #initial: [number, number] = [-1, -1];
  /** The last acknowledgement that was seen for each direction, -1 for none. */
  readonly #acknowledged: [number, number] = [-1, -1];

  constructor(
    /** From 0, in the order in which connections first show in the capture. */
    readonly index: number,
    readonly hash: number,
    segment: Segment,
    private readonly makeReader: (connection: Connection) => ConnectionReader,
    mark: PacketMark,
  ) {
    this.life = new ConnectionLife(mark);
    this.family = segment.family;
    // A SYN with ACK is an answer: its sender is the far end.
    const reversed = (segment.flags & (TCP.syn | TCP.ack)) === (TCP.syn | TCP.ack);
    const [source, destination] = [plain(segment.source), plain(segment.destination)];
    this.addresses = reversed ? [destination, source] : [source, destination];
    this.ports = reversed
      ? [segment.destinationPort, segment.sourcePort]
      : [segment.sourcePort, segment.destinationPort];
    [this.#portA, this.#portB] = this.ports;
    this.#lastA = this.addresses[0][3]!;
    this.#lastB = this.addresses[1][3]!;
  }

  /** Whether the connection was seen to begin. */
  get sawStart(): boolean {
    return this.#initial[0] >= 0 || this.#initial[1] >= 0;
  }

  /** `connection 3 (192.0.2.10:50000 to 192.0.2.1:1688)`, for warnings. */
  describe(direction: Direction): string {
    const other = direction === 0 ? 1 : 0;
    return `connection ${this.index} (${this.endpoint(direction)} to ${this.endpoint(other)})`;
  }

  endpoint(end: 0 | 1): string {
    return formatEndpoint(this.family, this.addresses[end], this.ports[end]);
  }

  /** The direction in which a segment travels, or -1 where it belongs to another connection. Asked for every packet. */
  directionOf(segment: Segment): Direction | -1 {
    const { source, destination, sourcePort, destinationPort } = segment;
    const from = source[3];
    const to = destination[3];
    let direction: Direction;
    if (
      sourcePort === this.#portA &&
      destinationPort === this.#portB &&
      from === this.#lastA &&
      to === this.#lastB
    ) {
      direction = 0;
    } else if (
      sourcePort === this.#portB &&
      destinationPort === this.#portA &&
      from === this.#lastB &&
      to === this.#lastA
    ) {
      direction = 1;
    } else {
      return -1;
    }
    if (segment.family === 4 && this.family === 4) return direction;
    return segment.family === this.family && this.#isFrom(segment, direction) ? direction : -1;
  }

  #isFrom(segment: Segment, end: 0 | 1): boolean {
    return (
      sameAddress(segment.source, this.addresses[end]) &&
      sameAddress(segment.destination, this.addresses[end === 0 ? 1 : 0])
    );
  }

  /** Whether a segment shows that the ports are used again by a new connection. */
  isReusedBy(segment: Segment, direction: Direction): boolean {
    if ((segment.flags & TCP.syn) !== 0) {
      const initial = this.#initial[direction];
      if (initial >= 0) return initial !== segment.sequence;
      // One that began before the capture and was not read: nothing tells its sequence numbers.
      if (this.#halves === null && this.ignored && !this.sawStart) return true;
      return this.#isFar(segment, direction, 1);
    }
    return this.closed && segment.payloadLength > 0 && this.#isFar(segment, direction, FAR);
  }

  #isFar(segment: Segment, direction: Direction, far: number): boolean {
    const half = this.#halves?.[direction];
    if (half?.known !== true) return false;
    const position = half.positionOf(segment.sequence);
    return position > far || position < -far;
  }

  /** Position in its direction's stream of a sequence number, null where that is not known. */
  positionOf(direction: Direction, sequence: number): number | null {
    const half = this.#halves?.[direction];
    return half?.known === true ? half.positionOf(sequence) : null;
  }

  /** Takes a segment that travels in `direction`. */
  take(segment: Segment, direction: Direction, mark: PacketMark): void {
    const { flags } = segment;
    if ((flags & TELLING) !== 0) this.life.note(segment, direction, mark);
    const other = direction === 0 ? 1 : 0;
    if ((flags & TCP.syn) !== 0) this.#initial[direction] = segment.sequence;
    if ((flags & TCP.rst) !== 0) this.closed = true;
    if (this.ignored) return;
    this.life.payload += segment.payloadLength;
    if ((flags & TCP.ack) !== 0) this.#noteAcknowledgement(segment, other);
    if (segment.payloadLength > 0 || (flags & (TCP.syn | TCP.fin)) !== 0)
      this.#takeBytes(segment, direction, mark);
    if (this.#halves === null) return;
    const [forth, back] = this.#halves;
    if (forth.hasPending) forth.wait(mark);
    if (back.hasPending) back.wait(mark);
    if (forth.complete && back.complete) this.finish(mark);
  }

  /** Reads what waits and lets the reader go. */
  finish(mark: PacketMark): void {
    this.closed = true;
    if (this.ignored) return;
    this.#halves?.[0].flush(mark);
    this.#halves?.[1].flush(mark);
    this.ignored = true;
    this.#reader?.end(mark);
    this.#reader = null;
    this.#halves?.[0].release();
    this.#halves?.[1].release();
  }

  #noteAcknowledgement(segment: Segment, acknowledged: Direction): void {
    this.#acknowledged[acknowledged] = segment.acknowledgement;
    const half = this.#halves?.[acknowledged];
    if (half?.known === true) half.acknowledge(segment.acknowledgement);
  }

  #takeBytes(segment: Segment, direction: Direction, mark: PacketMark): void {
    const half = this.#half(direction);
    const syn = (segment.flags & TCP.syn) !== 0;
    const sequence = (segment.sequence + (syn ? 1 : 0)) >>> 0;
    if (!half.known) half.start(syn ? sequence : this.#likelyStart(sequence, direction));
    if (segment.payloadLength > 0) {
      const { payloadOffset, capturedLength } = segment;
      const bytes = segment.bytes.subarray(payloadOffset, payloadOffset + capturedLength);
      half.take(sequence, bytes, segment.payloadLength, mark);
    }
    if ((segment.flags & TCP.fin) !== 0) half.finish((sequence + segment.payloadLength) >>> 0);
  }

  /** A capture that starts in mid-connection may start with segments in disorder: what the peer asked for next tells. */
  #likelyStart(sequence: number, direction: Direction): number {
    const expected = this.#acknowledged[direction];
    if (expected < 0) return sequence;
    const ahead = (sequence - expected) | 0;
    return ahead > 0 && ahead < FAR ? expected : sequence;
  }

  #half(direction: Direction): HalfStream {
    this.#halves ??= [new HalfStream(this, 0), new HalfStream(this, 1)];
    return this.#halves[direction];
  }

  /** The two streams call these; a reader may have lost interest in the middle of a packet. */
  data(direction: Direction, bytes: Buffer, mark: PacketMark): void {
    if (!this.ignored) this.#open().data(direction, bytes, mark);
  }

  gap(direction: Direction, length: number, mark: PacketMark, cut: boolean): void {
    if (!this.ignored) this.#open().gap(direction, length, mark, cut);
  }

  conflict(direction: Direction, offset: number, mark: PacketMark): void {
    if (!this.ignored) this.#open().conflict(direction, offset, mark);
  }

  #open(): ConnectionReader {
    return (this.#reader ??= this.makeReader(this));
  }

  /** Drops what is held: called by a reader that has no use for the connection. */
  ignore(): void {
    this.ignored = true;
    this.#halves = null;
    this.#reader = null;
  }
}

/** Thousands of connections are remembered: a typed array takes three times as much. */
const plain = ([first, second, third, fourth]: Uint32Array): Address => [first!, second!, third!, fourth!];
