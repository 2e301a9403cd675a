import { Decoded, PacketDecoder } from '../net/packet-decoder';
import type { LayerList } from '../layers/layer-list';
import { Segment } from '../net/segment';
import type { CapturedPacket } from '../packet';
import { type AssociationOptions, KMS_PORT, KmsAssociation } from '../rpc/association';
import type { Connection } from '../tcp/connection';
import type { Direction } from '../tcp/half-stream';
import { ConnectionTracker } from '../tcp/tracker';
import { LayerTable } from '../layers/registers';
import { Traffic } from '../traffic';
import { WarningLog } from '../warnings';
import { rewriteIp, rewriteTcp, shiftSequence } from './frame-rewriter';
import { finishLayers, rewriteLayers } from './layer-rewriter';
import { MAX_WAITING, type OrderedOutput, type Slot } from './ordered-output';
import type { Planner } from './planner';
import type { Pseudonyms } from './pseudonyms';
import { StreamPlan } from './stream-plan';

/** A fragment whose datagram is not whole yet: its frame, and where it goes. */
interface HeldFragment {
  readonly packet: CapturedPacket;
  readonly frame: Buffer;
  readonly layers: LayerList;
  readonly networkOffset: number;
  readonly payloadOffset: number;
  readonly start: number;
  readonly slot: Slot;
}

/** Zeros for all that a stream carries. */
const NOTHING_KNOWN = new StreamPlan({ bytes: 0 });

/** As many as a datagram of 65,535 octets can be cut into. */
const MAX_FRAGMENTS = 8192;

/** As many as the joiner of fragments holds, and some that it has given up. */
const MAX_HELD_DATAGRAMS = 256;

/** The second reading: writes every packet of a planned connection anew, and leaves out all others. */
export class PacketRewriter {
  readonly #segment = new Segment();
  readonly #decoder: PacketDecoder;
  readonly #tracker: ConnectionTracker;
  readonly #held = new Map<string, HeldFragment[]>();
  #heldFragments = 0;
  #current: { connection: Connection; direction: Direction } | null = null;
  leftOut = 0;

  constructor(
    private readonly planner: Pick<Planner, 'planOf' | 'letGo'>,
    private readonly pseudonyms: Pseudonyms,
    private readonly output: OrderedOutput,
    private readonly interfaceOf: (linkType: number) => number,
    private readonly options: AssociationOptions & { readonly vxlanPorts?: readonly number[] | undefined },
  ) {
    // The warnings of this reading were told by the first one; its decisions must be the same.
    const unheard = new WarningLog();
    const listener = { request: () => undefined, answer: () => undefined, end: () => undefined };
    this.#decoder = new PacketDecoder(unheard, new Traffic(), new LayerTable(options.vxlanPorts));
    this.#tracker = new ConnectionTracker(
      (connection) => new KmsAssociation(connection, listener, unheard, options),
      (connection, direction) => (this.#current = { connection, direction }),
      (connection) => planner.letGo(connection),
    );
  }

  push(packet: CapturedPacket): void {
    const segment = this.#segment;
    const decoded = this.#decoder.decode(packet, segment);
    if (decoded === Decoded.fragment) {
      this.#hold(packet, segment);
    } else if (decoded === Decoded.tcp) {
      this.#tracker.take(segment, packet);
      if (segment.fragmentKey === null) this.#rewriteWhole(packet, segment);
      else this.#rewriteJoined(packet, segment);
    } else {
      this.leftOut++;
    }
    this.output.flush();
  }

  finish(): void {
    this.output.finish();
    this.leftOut += this.output.dropped;
  }

  /** A connection to the port of KMS that came to nothing is of interest too: without what it carried. */
  #plan(): StreamPlan | null {
    const { connection, direction } = this.#current!;
    const plan = this.planner.planOf(connection);
    if (plan?.used === true) return plan.streams[direction];
    return connection.ports.includes(this.options.port ?? KMS_PORT) ? NOTHING_KNOWN : null;
  }

  #rewriteWhole(packet: CapturedPacket, segment: Segment): void {
    const plan = this.#plan();
    if (plan === null) {
      this.leftOut++;
      return;
    }
    const frame = Buffer.from(packet.data);
    const { layers, networkOffset, transportOffset } = segment;
    const addresses = this.#rewriteHeaders(frame, layers, networkOffset, transportOffset);
    this.#rewriteSegment(frame, segment, plan, addresses);
    finishLayers(frame, layers);
    this.#write(packet, frame);
  }

  #rewriteHeaders(frame: Buffer, layers: LayerList, network: number, transport: number): Buffer {
    rewriteLayers(frame, layers, network, this.pseudonyms);
    return rewriteIp(frame, network, transport, this.pseudonyms);
  }

  /** Payload and TCP header; octets behind the datagram (Ethernet padding) become zeros. */
  #rewriteSegment(bytes: Buffer, segment: Segment, plan: StreamPlan, addresses: Buffer): void {
    const { payloadOffset, capturedLength, payloadLength } = segment;
    const payload = bytes.subarray(payloadOffset, payloadOffset + capturedLength);
    const { connection, direction } = this.#current!;
    const syn = (segment.flags & 2) !== 0 ? 1 : 0;
    const position = connection.positionOf(direction, (segment.sequence + syn) >>> 0);
    if (position === null) payload.fill(0);
    else plan.fill(payload, position);
    bytes.fill(0, payloadOffset + capturedLength);
    const [forth, back] = this.pseudonyms.offsets('sequence', connection.index);
    shiftSequence(bytes, segment.transportOffset, direction === 0 ? [forth, back] : [back, forth]);
    rewriteTcp(bytes, segment.transportOffset, payloadOffset + payloadLength, addresses);
  }

  #write(packet: CapturedPacket, data: Buffer): void {
    this.output.put(this.#toWrite(packet, data));
  }

  #toWrite(packet: CapturedPacket, data: Buffer) {
    const { timestampNs, originalLength, linkType } = packet;
    return { timestampNs, data, originalLength, interfaceId: this.interfaceOf(linkType) };
  }

  #hold(packet: CapturedPacket, segment: Segment): void {
    const key = segment.fragmentKey!;
    const held = this.#held.get(key) ?? [];
    // What is repeated without end belongs to no datagram.
    if (held.length >= MAX_FRAGMENTS) return void this.leftOut++;
    held.push(this.#fragment(packet, segment, segment.transportOffset));
    this.#held.set(key, held);
    this.#heldFragments++;
    while (this.#held.size > MAX_HELD_DATAGRAMS || this.#heldFragments > MAX_WAITING)
      this.#release(this.#letGo(this.#held.keys().next().value!), null);
  }

  /** The fragments that are held of a datagram, which are held no longer. */
  #letGo(key: string): readonly HeldFragment[] {
    const fragments = this.#held.get(key) ?? [];
    this.#held.delete(key);
    this.#heldFragments -= fragments.length;
    return fragments;
  }

  #fragment(packet: CapturedPacket, segment: Segment, payloadOffset: number): HeldFragment {
    const { networkOffset, fragmentStart: start } = segment;
    const frame = Buffer.from(packet.data);
    const layers = segment.layers.copy();
    return { packet, frame, layers, networkOffset, payloadOffset, start, slot: this.output.reserve() };
  }

  /** The datagram is whole: rewrites it as one, and cuts it where it was cut. */
  #rewriteJoined(packet: CapturedPacket, segment: Segment): void {
    const key = segment.fragmentKey!;
    const last = this.#fragment(packet, segment, segment.fragmentOffset);
    const fragments = [...this.#letGo(key), last];
    const plan = this.#plan();
    if (plan === null) return this.#release(fragments, null);
    const { networkOffset, frame } = last;
    const addresses = rewriteIp(Buffer.from(frame), networkOffset, last.payloadOffset, this.pseudonyms);
    this.#rewriteSegment(segment.bytes, segment, plan, addresses);
    this.#release(fragments, segment.bytes);
  }

  #release(fragments: readonly HeldFragment[], datagram: Buffer | null): void {
    for (const { packet, frame, layers, networkOffset, payloadOffset, start, slot } of fragments) {
      slot.ready = true;
      if (datagram === null) {
        this.leftOut++;
        continue;
      }
      this.#rewriteHeaders(frame, layers, networkOffset, payloadOffset);
      frame.fill(0, payloadOffset);
      datagram.copy(frame, payloadOffset, start);
      finishLayers(frame, layers);
      slot.packet = this.#toWrite(packet, frame);
    }
  }
}
