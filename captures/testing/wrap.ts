import { setIpv4Checksum, setTcpChecksum } from '../net/checksum';
import type { Packets } from './packets';

/** Ways to put the same packets on other links and into other headers. All take Ethernet frames as `tcpFrame` makes them. */
type Packet = Packets[number];

const ETHERNET = 14;

const withData = (packet: Packet, ...parts: readonly Uint8Array[]): Packet => ({
  ...packet,
  data: Buffer.concat(parts),
});

/** Tags between the addresses and the Ethertype: 802.1Q 0x8100, 802.1ad 0x88a8. */
export function tagged(
  packets: Packets,
  ...tags: readonly (readonly [protocol: number, vlan: number])[]
): Packets {
  const octets = Buffer.alloc(4 * tags.length);
  tags.forEach(([protocol, vlan], i) => {
    octets.writeUInt16BE(protocol, 4 * i);
    octets.writeUInt16BE(vlan, 4 * i + 2);
  });
  return packets.map((packet) =>
    withData(packet, packet.data.subarray(0, 12), octets, packet.data.subarray(12)),
  );
}

/** Another link layer's header, of these octets, instead of Ethernet's. */
export function onLink(packets: Packets, ...header: readonly number[]): Packets {
  return packets.map((packet) => withData(packet, Buffer.from(header), packet.data.subarray(ETHERNET)));
}

/** IPv4 options in each header (a record route option, then the end of options). */
export function withIpv4Options(packets: Packets): Packets {
  const options = Buffer.of(7, 7, 4, 0, 0, 0, 0, 0);
  return packets.map((packet) => {
    const frame = Buffer.concat([packet.data.subarray(0, 34), options, packet.data.subarray(34)]);
    frame[ETHERNET] = 0x47;
    frame.writeUInt16BE(frame.readUInt16BE(ETHERNET + 2) + options.length, ETHERNET + 2);
    setIpv4Checksum(frame, ETHERNET);
    return { ...packet, data: frame };
  });
}

/** Cuts each IPv4 datagram with more than `size` octets into fragments; `order` may shuffle those of one datagram. */
export function ipv4Fragments(
  packets: Packets,
  size: number,
  order = (parts: Packets): Packets => parts,
): Packets {
  return packets.flatMap((packet) => {
    const { data } = packet;
    const headerEnd = ETHERNET + (data[ETHERNET]! & 15) * 4;
    if (data.length - headerEnd <= size) return [packet];
    const parts: Packets = [];
    for (let at = 0; headerEnd + at < data.length; at += size) {
      const body = data.subarray(headerEnd + at, headerEnd + at + size);
      const frame = Buffer.concat([data.subarray(0, headerEnd), body]);
      frame.writeUInt16BE(headerEnd - ETHERNET + body.length, ETHERNET + 2);
      const more = headerEnd + at + body.length < data.length ? 0x2000 : 0;
      frame.writeUInt16BE(more | (at / 8), ETHERNET + 6);
      setIpv4Checksum(frame, ETHERNET);
      parts.push({ ...packet, data: frame });
    }
    return order(parts);
  });
}

const HOP_BY_HOP = 0;
const FRAGMENT = 44;
const DESTINATION = 60;

/** Extension headers before TCP: hop-by-hop options, then destination options, 8 octets each. */
export function withIpv6Extensions(packets: Packets): Packets {
  const padding = [0, 1, 4, 0, 0, 0, 0];
  const extensions = Buffer.from([DESTINATION, ...padding, 6, ...padding]);
  return packets.map((packet) => {
    const frame = Buffer.concat([packet.data.subarray(0, 54), extensions, packet.data.subarray(54)]);
    frame[ETHERNET + 6] = HOP_BY_HOP;
    frame.writeUInt16BE(frame.readUInt16BE(ETHERNET + 4) + extensions.length, ETHERNET + 4);
    return { ...packet, data: frame };
  });
}

/** Cuts each IPv6 datagram without extensions whose payload has more than `size` octets into fragments. */
export function ipv6Fragments(packets: Packets, size: number): Packets {
  return packets.flatMap((packet, identification) => {
    const { data } = packet;
    if (data.length - 54 <= size) return [packet];
    const parts: Packets = [];
    for (let at = 0; 54 + at < data.length; at += size) {
      const body = data.subarray(54 + at, 54 + at + size);
      const header = Buffer.alloc(8);
      header[0] = 6;
      header.writeUInt16BE(at | (54 + at + body.length < data.length ? 1 : 0), 2);
      header.writeUInt32BE(identification, 4);
      const frame = Buffer.concat([data.subarray(0, 54), header, body]);
      frame[ETHERNET + 6] = FRAGMENT;
      frame.writeUInt16BE(8 + body.length, ETHERNET + 4);
      parts.push({ ...packet, data: frame });
    }
    return parts;
  });
}

/** Moves the sequence numbers of the client of the writer's first conversation so that they wrap `before` bytes after its first. */
export function wrapSequences(packets: Packets, before: number): Packets {
  const first = 0x10002;
  const shift = (0x1_0000_0000 - before - first) >>> 0;
  return packets.map((packet) => {
    const data = Buffer.from(packet.data);
    const fromClient = data.readUInt16BE(36) === 1688;
    const isAck = (data[47]! & 16) !== 0;
    const at = fromClient ? 38 : 42;
    if (fromClient || isAck) data.writeUInt32BE((data.readUInt32BE(at) + shift) >>> 0, at);
    setTcpChecksum(data, 34, data.length, data.subarray(26, 34));
    return { ...packet, data };
  });
}

/** The same payload length with other bytes: a retransmission that lies. */
export function forged(packet: Packet, from: number, to: number): Packet {
  const data = Buffer.from(packet.data);
  data.fill(0x41, from, to);
  setTcpChecksum(data, 34, data.length, data.subarray(26, 34));
  return { ...packet, data };
}
