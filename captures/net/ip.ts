import { locateNetwork, Network } from '../link/link';
import type { CapturedPacket } from '../packet';
import type { WarningLog } from '../warnings';
import { EXTENSION, extensionSize, isExtension } from './extensions';
import { FragmentJoiner } from './fragments';
import { decodeTcp, type Segment, word } from './segment';

const PROTOCOL_TCP = 6;

const MAX_EXTENSIONS = 16;

/** What a packet turned out to be. */
export const enum Decoded {
  /** A TCP segment stands in the `Segment`. */
  tcp,
  /** Not TCP over IP, or a link layer that is not read. */
  other,
  /** A fragment that waits for others. */
  fragment,
  /** Cut before the end of its headers, or with headers that cannot be. */
  bad,
}

/** Decodes packets down to TCP; keeps fragments until their datagrams are whole. */
export class PacketDecoder {
  readonly fragments = new FragmentJoiner();

  constructor(private readonly warnings: WarningLog) {}

  decode(packet: CapturedPacket, segment: Segment): Decoded {
    segment.bytes = packet.data;
    segment.fragmentKey = null;
    switch (locateNetwork(packet.linkType, packet.data, segment)) {
      case Network.ipv4:
        return this.#ipv4(packet, segment);
      case Network.ipv6:
        return this.#ipv6(packet, segment);
      case Network.unknownLink:
        this.warnings.addOnce(
          `link ${packet.linkType}`,
          packet.fileOffset,
          `packets of link type ${packet.linkType} are not read`,
        );
        return Decoded.other;
      case Network.other:
        return Decoded.other;
    }
  }

  #ipv4(packet: CapturedPacket, segment: Segment): Decoded {
    const { data } = packet;
    const at = segment.networkOffset;
    if (at + 20 > data.length) return this.#cut(packet);
    const headerLength = (data[at]! & 15) * 4;
    if (data[at]! >> 4 !== 4 || headerLength < 20) return Decoded.bad;
    if (data[at + 9] !== PROTOCOL_TCP) return Decoded.other;
    segment.family = 4;
    segment.source[3] = word(data, at + 12);
    segment.destination[3] = word(data, at + 16);
    segment.source[0] = segment.source[1] = segment.source[2] = 0;
    segment.destination[0] = segment.destination[1] = segment.destination[2] = 0;
    segment.transportOffset = at + headerLength;
    // The network card fills in the length of what it will cut into segments: 0 means all there is.
    const claimed = (data[at + 2]! << 8) | data[at + 3]!;
    const end = claimed === 0 ? packet.originalLength : at + claimed;
    if (end < segment.transportOffset) return Decoded.bad;
    const fragment = (data[at + 6]! << 8) | data[at + 7]!;
    if ((fragment & 0x3fff) === 0) return this.#tcp(packet, segment, end);
    const identification = (data[at + 4]! << 8) | data[at + 5]!;
    const key = `${segment.source[3]}>${segment.destination[3]}#${identification}`;
    return this.#fragment(packet, segment, key, (fragment & 0x1fff) * 8, (fragment & 0x2000) !== 0, end);
  }

  #ipv6(packet: CapturedPacket, segment: Segment): Decoded {
    const { data } = packet;
    const at = segment.networkOffset;
    if (at + 40 > data.length) return this.#cut(packet);
    if (data[at]! >> 4 !== 6) return Decoded.bad;
    segment.family = 6;
    for (let i = 0; i < 4; i++) {
      segment.source[i] = word(data, at + 8 + 4 * i);
      segment.destination[i] = word(data, at + 24 + 4 * i);
    }
    const claimed = (data[at + 4]! << 8) | data[at + 5]!;
    const end = claimed === 0 ? packet.originalLength : at + 40 + claimed;
    return this.#extensions(packet, segment, data[at + 6]!, at + 40, end);
  }

  #extensions(packet: CapturedPacket, segment: Segment, first: number, start: number, end: number): Decoded {
    const { data } = packet;
    let next = first;
    let at = start;
    for (let i = 0; i < MAX_EXTENSIONS; i++) {
      segment.transportOffset = at;
      if (next === PROTOCOL_TCP) return this.#tcp(packet, segment, end);
      if (!isExtension(next)) return Decoded.other;
      if (at + 8 > data.length) return this.#cut(packet);
      if (next === EXTENSION.fragment && !isAtomic(data, at))
        return this.#ipv6Fragment(packet, segment, at, end);
      at += extensionSize(next, data[at + 1]!);
      next = data[segment.transportOffset]!;
      if (at > end) return Decoded.bad;
    }
    return Decoded.other;
  }

  #ipv6Fragment(packet: CapturedPacket, segment: Segment, at: number, end: number): Decoded {
    const { data } = packet;
    if (data[at] !== PROTOCOL_TCP) return Decoded.other;
    segment.transportOffset = at + 8;
    const placement = placementAt(data, at);
    const key = `${segment.source.join()}>${segment.destination.join()}#${word(data, at + 4)}`;
    return this.#fragment(packet, segment, key, placement & 0xfff8, (placement & 1) !== 0, end);
  }

  #tcp(packet: CapturedPacket, segment: Segment, end: number): Decoded {
    if (decodeTcp(segment, end)) {
      if (segment.capturedLength < segment.payloadLength) this.#tellCut(packet);
      return Decoded.tcp;
    }
    return segment.transportOffset + 20 > packet.data.length ? this.#cut(packet) : Decoded.bad;
  }

  #fragment(
    packet: CapturedPacket,
    segment: Segment,
    key: string,
    start: number,
    more: boolean,
    end: number,
  ): Decoded {
    const { data } = packet;
    if (end > data.length) return this.#cut(packet);
    segment.fragmentKey = key;
    segment.fragmentStart = start;
    segment.fragmentOffset = segment.transportOffset;
    const bytes = data.subarray(segment.transportOffset, end);
    const outcome = this.fragments.add(key, start, more, bytes, packet.timestampSeconds);
    if (outcome === 'held') return Decoded.fragment;
    if (outcome === 'bad') return Decoded.bad;
    segment.bytes = outcome;
    segment.transportOffset = 0;
    return decodeTcp(segment, outcome.length) ? Decoded.tcp : Decoded.bad;
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

/** Offset in octets and the more flag of the fragment header at `at`, with two reserved bits between them (RFC 8200, 4.5). */
const placementAt = (data: Uint8Array, at: number): number => (data[at + 2]! << 8) | data[at + 3]!;

/** An "atomic" fragment is whole by itself (RFC 6946). */
const isAtomic = (data: Uint8Array, at: number): boolean => (placementAt(data, at) & 0xfff9) === 0;
