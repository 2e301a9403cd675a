import { Cursor, HEADER, Register } from '../layers/cursor';
import { isUdpTunnel } from '../layers/names';
import { ETHERNET, IP, LayerTable } from '../layers/registers';
import { LINK } from '../link/link';
import type { CapturedPacket } from '../packet';
import type { Traffic } from '../traffic';
import type { WarningLog } from '../warnings';
import { FragmentJoiner } from './fragments';
import { type FragmentPlace, Ip, readIp } from './ip';
import { decodePlain } from './plain-segment';
import { decodeTcp, type Segment } from './segment';

const PROTOCOL = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const;

/** Headers within headers: more than any network nests, few enough that no packet takes long. */
const MAX_LAYERS = 24;

/** What a packet turned out to be. */
export const enum Decoded {
  /** A TCP segment stands in the `Segment`. */
  tcp,
  /** Not TCP over IP, or something that is not read. */
  other,
  /** A fragment that waits for others. */
  fragment,
  /** Cut before the end of its headers, or with headers that cannot be. */
  bad,
  /** The cursor stands at what comes next; `decode` never returns it. */
  next,
}

/** Told of what else is of interest: offsets are into `segment.bytes`, addresses those of the innermost IP header. */
export interface DatagramObserver {
  udp(segment: Segment, start: number, end: number, packet: CapturedPacket): void;
  icmp(segment: Segment, start: number, end: number, packet: CapturedPacket): void;
}

/** Decodes packets down to TCP, through whatever is around it; keeps fragments until their datagrams are whole. */
export class PacketDecoder {
  readonly fragments = new FragmentJoiner();
  readonly #cursor = new Cursor();
  readonly #place: FragmentPlace = { start: 0, more: false, identification: 0 };

  constructor(
    private readonly warnings: WarningLog,
    private readonly traffic: Traffic,
    private readonly table = new LayerTable(),
    private readonly observer: DatagramObserver | null = null,
  ) {}

  decode(packet: CapturedPacket, segment: Segment): Decoded {
    segment.bytes = packet.data;
    segment.fragmentKey = null;
    segment.layers.clear();
    if (packet.linkType === LINK.ethernet && decodePlain(packet.data, packet.originalLength, segment)) {
      segment.layers.add(ETHERNET, 0);
      this.traffic.tcpPackets++;
      return Decoded.tcp;
    }
    this.#cursor.start(packet.data, packet.linkType, packet.originalLength);
    const outcome = this.#walk(packet, segment);
    if (outcome === Decoded.tcp) this.traffic.tcpPackets++;
    else if (outcome === Decoded.bad) this.traffic.badPackets++;
    return outcome;
  }

  #walk(packet: CapturedPacket, segment: Segment): Decoded {
    const cursor = this.#cursor;
    for (let depth = 0; depth < MAX_LAYERS; depth++) {
      const { register, number, at } = cursor;
      const layer = this.table.find(register, number);
      if (layer === undefined) return this.#end(packet, segment);
      if (layer === IP) {
        const outcome = this.#ip(packet, segment);
        if (outcome !== Decoded.next) return outcome;
        continue;
      }
      segment.layers.add(layer, at);
      if (layer.read(cursor)) continue;
      if (register !== Register.udp) return this.#unread(packet, register, number);
      // The port is a tunnel's, but what comes there is not: a datagram like others.
      cursor.go(register, number, at);
      return this.#end(packet, segment);
    }
    this.traffic.noteUnread(Register.header, HEADER.tooDeep, packet.fileOffset);
    return Decoded.other;
  }

  /** IP at the cursor: TCP ends the walk, anything else goes on with it. */
  #ip(packet: CapturedPacket, segment: Segment): Decoded {
    const cursor = this.#cursor;
    const outcome = readIp(cursor, segment, this.#place);
    if (outcome === Ip.cut) return this.#cut(packet);
    if (outcome === Ip.bad) return Decoded.bad;
    if (outcome === Ip.fragment) return this.#fragment(packet, segment);
    if (cursor.number !== PROTOCOL.tcp) return this.#inside(segment);
    if (decodeTcp(segment, cursor.end)) {
      if (segment.capturedLength < segment.payloadLength) this.#tellCut(packet);
      return Decoded.tcp;
    }
    return segment.transportOffset + 20 > segment.bytes.length ? this.#cut(packet) : Decoded.bad;
  }

  #inside(segment: Segment): Decoded {
    segment.layers.add(IP, segment.networkOffset);
    return Decoded.next;
  }

  #fragment(packet: CapturedPacket, segment: Segment): Decoded {
    const cursor = this.#cursor;
    const { number: protocol, at, end } = cursor;
    if (protocol !== PROTOCOL.tcp && this.table.find(Register.ip, protocol) === undefined)
      return this.#end(packet, segment);
    if (end > segment.bytes.length) return this.#cut(packet);
    const { start, more, identification } = this.#place;
    const key = `${segment.source.join()}>${segment.destination.join()}#${identification}/${protocol}`;
    const bytes = segment.bytes.subarray(at, end);
    const whole = this.fragments.add(key, start, more, bytes, packet.timestampSeconds);
    if (whole === 'bad') return Decoded.bad;
    if (protocol === PROTOCOL.tcp) {
      segment.fragmentKey = key;
      segment.fragmentStart = start;
      segment.fragmentOffset = at;
    }
    if (whole === 'held') return Decoded.fragment;
    segment.bytes = whole;
    segment.transportOffset = 0;
    if (protocol === PROTOCOL.tcp) return decodeTcp(segment, whole.length) ? Decoded.tcp : Decoded.bad;
    this.#inside(segment);
    segment.layers.joined = true;
    cursor.bytes = whole;
    cursor.end = whole.length;
    cursor.go(Register.ip, protocol, 0);
    return Decoded.next;
  }

  /** The walk ends in something that is not read, or is of interest to the observer. */
  #end(packet: CapturedPacket, segment: Segment): Decoded {
    const { register, number, at, end } = this.#cursor;
    if (register === Register.udp) {
      const source = this.#cursor.u16(at - 8);
      const tunnel = isUdpTunnel(number) ? number : isUdpTunnel(source) ? source : -1;
      if (tunnel >= 0) this.traffic.noteUnread(register, tunnel, packet.fileOffset);
      else this.traffic.noteUnread(Register.ip, PROTOCOL.udp, packet.fileOffset);
      this.observer?.udp(segment, at, end, packet);
      return Decoded.other;
    }
    this.traffic.noteUnread(register, number, packet.fileOffset);
    if (register === Register.ip && (number === PROTOCOL.icmp || number === PROTOCOL.icmpv6))
      this.observer?.icmp(segment, at, end, packet);
    return Decoded.other;
  }

  /** A header that was not understood, or was cut. */
  #unread(packet: CapturedPacket, register: Register, number: number): Decoded {
    const isCut = packet.originalLength > packet.data.length;
    if (isCut || register === Register.link || register === Register.header) return this.#cut(packet);
    this.traffic.noteUnread(register, number, packet.fileOffset);
    return Decoded.other;
  }

  /** The bytes end too early: because of a snap length, or because the packet is wrong. */
  #cut(packet: CapturedPacket): Decoded {
    if (packet.originalLength > packet.data.length) this.#tellCut(packet);
    return Decoded.bad;
  }

  #tellCut({ fileOffset }: CapturedPacket): void {
    const advice = 'messages that reach beyond it are not read; record with "tcpdump -s 0"';
    this.warnings.addOnce('cut', fileOffset, `packets are cut by the snap length: ${advice}`);
  }
}
