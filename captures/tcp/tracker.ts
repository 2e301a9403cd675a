import type { Segment } from '../net/segment';
import type { CapturedPacket, PacketMark } from '../packet';
import { Connection, type ConnectionReader } from './connection';
import type { Direction } from './half-stream';

/** How long connections are remembered, in seconds of the capture's clock; so many at most. */
const CLOSED_SECONDS = 5;
const IDLE_SECONDS = 600;
const MAX_CONNECTIONS = 16_384;
const SWEEP_EVERY = 16_384;

/** Told of every segment after its connection took it: what rewrites captures needs to know where each belongs. */
export type SegmentObserver = (connection: Connection, direction: Direction, segment: Segment) => void;

/** Sorts segments to their connections. What it holds depends on the connections that are open, not on the capture's size. */
export class ConnectionTracker {
  readonly #buckets = new Map<number, Connection>();
  #size = 0;
  #opened = 0;
  #packets = 0;
  #last: PacketMark = { timestampNs: 0n, fileOffset: 0 };

  constructor(
    private readonly makeReader: (connection: Connection) => ConnectionReader,
    private readonly observe: SegmentObserver | null = null,
    /** Told of each connection when it is forgotten, and so never again. */
    private readonly ended: ((connection: Connection) => void) | null = null,
  ) {}

  /** Connections that are remembered now. */
  get size(): number {
    return this.#size;
  }

  take(segment: Segment, packet: CapturedPacket): void {
    const hash = hashOf(segment);
    let direction: Direction | -1 = -1;
    let connection = this.#buckets.get(hash) ?? null;
    while (connection !== null && (direction = connection.directionOf(segment)) === -1) {
      connection = connection.nextInBucket;
    }
    if (connection !== null && direction !== -1 && connection.isReusedBy(segment, direction)) {
      this.#forget(connection, packet);
      connection = null;
    }
    connection ??= this.#open(hash, segment, packet);
    if (direction === -1 || connection.lastPacket === 0)
      direction = connection.directionOf(segment) === 1 ? 1 : 0;
    connection.lastSeconds = packet.timestampSeconds;
    connection.lastPacket = ++this.#packets;
    connection.take(segment, direction, packet);
    this.observe?.(connection, direction, segment);
    if (this.#packets % SWEEP_EVERY === 0) this.#sweep(packet);
    this.#last = packet;
  }

  /** The capture has ended. */
  finish(): void {
    const mark = this.#last;
    const open = this.#all().sort((a, b) => a.index - b.index);
    for (const connection of open) {
      connection.finish(mark);
      this.ended?.(connection);
    }
    this.#buckets.clear();
    this.#size = 0;
  }

  #open(hash: number, segment: Segment, mark: CapturedPacket): Connection {
    if (this.#size >= MAX_CONNECTIONS) {
      this.#sweep(mark);
      if (this.#size >= MAX_CONNECTIONS) this.#forgetOldest(mark);
    }
    const connection = new Connection(this.#opened++, hash, segment, this.makeReader, mark);
    connection.nextInBucket = this.#buckets.get(hash) ?? null;
    this.#buckets.set(hash, connection);
    this.#size += 1;
    return connection;
  }

  #forget(connection: Connection, mark: PacketMark): void {
    connection.finish(mark);
    this.ended?.(connection);
    this.#size -= 1;
    const first = this.#buckets.get(connection.hash)!;
    if (first === connection) {
      if (connection.nextInBucket === null) this.#buckets.delete(connection.hash);
      else this.#buckets.set(connection.hash, connection.nextInBucket);
      return;
    }
    let before = first;
    while (before.nextInBucket !== connection) before = before.nextInBucket!;
    before.nextInBucket = connection.nextInBucket;
  }

  #sweep(packet: CapturedPacket): void {
    const now = packet.timestampSeconds;
    const old: Connection[] = [];
    for (const first of this.#buckets.values()) {
      for (let at: Connection | null = first; at !== null; at = at.nextInBucket) {
        if (now - at.lastSeconds > (at.closed ? CLOSED_SECONDS : IDLE_SECONDS)) old.push(at);
      }
    }
    for (const connection of old) this.#forget(connection, packet);
  }

  /** Down to three quarters of the limit, so that this is rare. */
  #forgetOldest(packet: CapturedPacket): void {
    const all = this.#all().sort((a, b) => a.lastPacket - b.lastPacket);
    const excess = this.#size - (MAX_CONNECTIONS * 3) / 4;
    for (const connection of all.slice(0, excess)) this.#forget(connection, packet);
  }

  #all(): Connection[] {
    const all: Connection[] = [];
    for (const first of this.#buckets.values()) {
      for (let at: Connection | null = first; at !== null; at = at.nextInBucket) all.push(at);
    }
    return all;
  }
}

/** The same for both directions of a connection. */
function hashOf(segment: Segment): number {
  const { source, destination } = segment;
  const addresses =
    source[3]! ^ destination[3]! ^ source[2]! ^ destination[2]! ^ source[1]! ^ destination[1]!;
  const ports = segment.sourcePort ^ segment.destinationPort;
  const sum = segment.sourcePort + segment.destinationPort;
  const mixed = Math.imul(addresses ^ Math.imul(ports, 0x9e3779b1) ^ Math.imul(sum, 0x85ebca6b), 0xc2b2ae35);
  return mixed ^ (mixed >>> 15);
}
