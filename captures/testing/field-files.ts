import { decodePdu, encodePdu, fragment, type PduInputOf } from '../../protocol';
import { LINK } from '../link/link';
import { setIpv4Checksum, setTcpChecksum } from '../net/checksum';
import { type Packets, play, record, toPcap } from './packets';
import { attemptFiles } from './attempt-files';
import { layerFiles } from './layer-files';
import { oddPcap, oddPcapng } from './odd-files';
import { type RecordedCalls, recordedConnections } from './recorded';
import { twiceFiles } from './twice-files';
import {
  forged,
  ipv4Fragments,
  ipv6Fragments,
  onLink,
  tagged,
  withIpv4Options,
  withIpv6Extensions,
  wrapSequences,
} from './wrap';

const V6 = { client: '[2001:db8::10]:50000', host: '[2001:db8::1]:1688' } as const;

/** Makes the captures of `corpus/field/` that no tool at hand makes: by name, their bytes. All carry recorded PDUs. */
export async function handMadeFiles(): Promise<Map<string, Buffer>> {
  const clients = await recordedConnections('v4-threshold-clients.pcap');
  const [twelve] = (await recordedConnections('v4-one-connection-ndr64.pcap')) as [RecordedCalls];
  const [two] = (await recordedConnections('v4-refused.pcap')) as [RecordedCalls];
  const plain = play(twelve);
  const short = play(two);
  const short6 = play(two, V6);
  const link = (packets: Packets, linkType: number, ...header: readonly number[]): Buffer =>
    toPcap(onLink(packets, ...header), { linkType });
  return new Map<string, Buffer>([
    ['hand-big-endian.pcap', oddPcap(short, { bigEndian: true })],
    ['hand-version-2.3.pcap', oddPcap(short, { minor: 3, swapped: true })],
    ['hand-big-endian.pcapng', oddPcapng(short, { bigEndian: true, resolution: 9 })],
    [
      'hand-time-resolution.pcapng',
      oddPcapng(short, { resolution: 0x80 | 20, offsetSeconds: 1_700_000_000n }),
    ],
    ['hand-old-blocks.pcapng', oddPcapng(short, { blocks: ['enhanced', 'obsolete'] })],
    ['hand-simple-blocks.pcapng', oddPcapng(short, { blocks: ['simple'] })],
    ['hand-vlan.pcap', toPcap(tagged(short, [0x8100, 7]))],
    ['hand-qinq.pcap', toPcap(tagged(short6, [0x88a8, 100], [0x8100, 7]))],
    ['hand-null-little.pcap', link(short, LINK.null, 2, 0, 0, 0)],
    ['hand-null-big.pcap', link(short6, LINK.null, 0, 0, 0, 30)],
    ['hand-loop.pcap', link(short, LINK.loop, 0, 0, 0, 2)],
    ['hand-raw-ip.pcap', link(short6, LINK.raw)],
    ['hand-raw-bsd.pcap', link(short, LINK.rawBsd)],
    ['hand-raw-ipv4.pcap', link(short, LINK.ipv4)],
    ['hand-raw-ipv6.pcap', link(short6, LINK.ipv6)],
    ['hand-ipv4-options.pcap', toPcap(withIpv4Options(short))],
    ['hand-ipv4-fragments.pcap', toPcap(ipv4Fragments(short, 96, (parts) => [...parts].reverse()))],
    ['hand-ipv6-extensions.pcap', toPcap(withIpv6Extensions(short6))],
    ['hand-ipv6-fragments.pcap', toPcap(ipv6Fragments(short6, 96))],
    ['hand-overlap.pcap', toPcap(overlapping(play(two, { maxSegmentSize: 200 })))],
    ['hand-conflict.pcap', toPcap(conflicting(short))],
    ['hand-sequence-wrap.pcap', toPcap(wrapSequences(plain, 500))],
    ['hand-port-reuse.pcap', toPcap(onePort(clients.slice(0, 4)))],
    ['hand-starts-in-a-pdu.pcap', toPcap(play(twelve, { maxSegmentSize: 60 }).slice(30))],
    ['hand-rpc-fragments.pcap', toPcap(play(inFragments(two, 100)))],
    ['hand-segment-missing.pcap', toPcap(withoutSecondPart(play(twelve, { maxSegmentSize: 100 })))],
    ['hand-among-others.pcap', toPcap(amongOthers(short))],
    ...layerFiles(short, short6),
    ...attemptFiles(two),
    ...twiceFiles(two),
  ]);
}

const payloadLength = ({ data }: Packets[number]): number => data.length - 54;

/** Between two segments of one PDU another that has the second half of the first and the first half of the second. */
function overlapping(packets: Packets): Packets {
  return packets.flatMap((packet, i) => {
    const next = packets[i + 1];
    if (next === undefined || payloadLength(packet) !== 200 || payloadLength(next) === 0) return [packet];
    const [first, second] = [Buffer.from(packet.data), next.data];
    const payload = Buffer.concat([first.subarray(54 + 100), second.subarray(54, 54 + 40)]);
    const data = Buffer.concat([first.subarray(0, 54), payload]);
    data.writeUInt16BE(40 + payload.length, 16);
    data.writeUInt32BE((data.readUInt32BE(38) + 100) >>> 0, 38);
    setIpv4Checksum(data, 14);
    setTcpChecksum(data, 34, data.length, data.subarray(26, 34));
    return [packet, { ...packet, data }];
  });
}

/** The first request again, with other bytes. */
function conflicting(packets: Packets): Packets {
  const index = packets.findIndex((packet) => payloadLength(packet) === 284);
  return packets.toSpliced(index + 1, 0, forged(packets[index]!, 54 + 100, 54 + 120));
}

/** Connections one after the other, all from the same port. */
function onePort(connections: readonly RecordedCalls[]): Packets {
  return record((conversations, tick) => {
    for (const { pdus } of connections) {
      const conversation = conversations.open('192.0.2.10:50000', '192.0.2.1:1688', tick());
      for (const { side, bytes } of pdus) conversation.send(side, bytes, tick());
      conversation.end('client', tick());
      conversation.end('host', tick());
    }
  });
}

/** The calls' requests cut into fragments (C706 12.6.3.1). */
function inFragments({ pdus }: RecordedCalls, size: number): RecordedCalls {
  return {
    pdus: pdus.flatMap(({ side, bytes }) => {
      const pdu = decodePdu(bytes);
      if (pdu.kind !== 'request') return [{ side, bytes }];
      const { callId } = pdu.header;
      const { contextId, opnum, stub } = pdu.body;
      const call: PduInputOf<'request'> = {
        kind: 'request',
        header: { callId },
        body: { contextId, opnum, stub },
      };
      return fragment(call, size).map((part) => ({ side, bytes: Buffer.from(encodePdu(part)) }));
    }),
  };
}

/** Without the second segment of the third request: its call is lost, the next ones are not. */
function withoutSecondPart(packets: Packets): Packets {
  const starts = [...packets.entries()]
    .filter(([, { data }]) => data[54] === 5 && data[56] === 0)
    .map(([i]) => i);
  return packets.toSpliced(starts[2]! + 1, 1);
}

/** Another port, among a web request, a server that speaks first and a DCE/RPC connection to another interface. */
function amongOthers(short: Packets): Packets {
  const others = record((conversations, tick) => {
    const web = conversations.open('192.0.2.20:50001', '192.0.2.2:80', tick());
    const mail = conversations.open('192.0.2.20:50002', '192.0.2.2:25', tick());
    const rpc = conversations.open('192.0.2.20:50003', '192.0.2.2:49152', tick());
    web.send('client', Buffer.from('GET / HTTP/1.1\r\nHost: intranet\r\n\r\n'), tick());
    mail.send('host', Buffer.from('220 mail ready\r\n'), tick());
    rpc.send('client', otherBind(), tick());
    web.send('host', Buffer.from('HTTP/1.1 204 No Content\r\n\r\n'), tick());
    for (const conversation of [web, mail, rpc]) conversation.end('client', tick());
  });
  const moved = short.map((packet) => movePort(packet, 1688, 40_688));
  return moved.flatMap((packet, i) => (others[i] === undefined ? [packet] : [packet, others[i]]));
}

/** A bind to the endpoint mapper's interface (C706 appendix O). */
function otherBind(): Uint8Array {
  const abstractSyntax = { uuid: 'e1af8308-5d1f-11c9-91a4-08002b14a0fa', major: 3, minor: 0 };
  const ndr = { uuid: '8a885d04-1ceb-11c9-9fe8-08002b104860', version: 2 };
  const contexts = [{ contextId: 0, abstractSyntax, transferSyntaxes: [ndr] }];
  return encodePdu({
    kind: 'bind',
    header: { callId: 1 },
    body: { maxXmitFrag: 5840, maxRecvFrag: 5840, contexts },
  });
}

function movePort(packet: Packets[number], from: number, to: number): Packets[number] {
  const data = Buffer.from(packet.data);
  for (const at of [34, 36]) if (data.readUInt16BE(at) === from) data.writeUInt16BE(to, at);
  // The checksum takes up the difference (RFC 1624).
  const sum = (~data.readUInt16BE(50) & 0xffff) + (~from & 0xffff) + to;
  const folded = (sum & 0xffff) + (sum >>> 16);
  data.writeUInt16BE(~((folded & 0xffff) + (folded >>> 16)) & 0xffff, 50);
  return { ...packet, data };
}
