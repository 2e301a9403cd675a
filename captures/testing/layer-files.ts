import { foldChecksum, wordSum } from '../net/checksum';
import { around, before, hex, inEthernet, inIpv4, inIpv6, inUdp, ipOf, tagged, udpDatagram } from './around';
import { type Packets, toPcap } from './packets';
import { ipv4Fragments } from './wrap';

const VXLAN = hex('0800 0000 00002a 00');
const ROUTED_WIFI = '0801 0000 020000000001 020000000002 020000000003 1000';

const concat = (...parts: readonly (Buffer | string)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? hex(part) : part)));

/** GRE with a checksum over all of it, a key and a sequence number. */
function greWithAll(frame: Buffer, index: number): Buffer {
  const header = hex('b000 0800 0000 0000 00000007 00000000');
  header.writeUInt32BE(index, 12);
  const whole = concat(header, ipOf(frame));
  whole.writeUInt16BE(foldChecksum(wordSum(whole, 0, whole.length)), 4);
  return inIpv4(47, whole);
}

function pppoe(frame: Buffer): Buffer {
  const header = hex('11 00 0001 0000 0021');
  header.writeUInt16BE(2 + ipOf(frame).length, 4);
  return inEthernet(0x8864, concat(header, ipOf(frame)));
}

/** NFLOG: family, a prefix that names a rule, the packet. */
function nflog(frame: Buffer, bigEndian: boolean): Buffer {
  const attribute = (type: number, value: Buffer): Buffer => {
    const header = Buffer.alloc(4);
    if (bigEndian) header.writeUInt16BE(4 + value.length, 0);
    else header.writeUInt16LE(4 + value.length, 0);
    if (bigEndian) header.writeUInt16BE(type, 2);
    else header.writeUInt16LE(type, 2);
    return concat(header, value, Buffer.alloc((4 - (value.length % 4)) % 4));
  };
  return concat(
    '02 00 0000',
    attribute(10, Buffer.from('rule of example.test\0')),
    attribute(9, ipOf(frame)),
  );
}

/** PKTAP of macOS, of a process on an interface, around Ethernet. */
function pktap(frame: Buffer): Buffer {
  const header = Buffer.alloc(108);
  header.writeUInt32LE(108, 0);
  header.writeUInt32LE(1, 4);
  header.writeUInt32LE(1, 8);
  header.write('en0', 12);
  header.writeUInt32LE(2, 40);
  header.write('example-process', 56);
  return concat(header, frame);
}

const snap = (frame: Buffer): Buffer => concat('aaaa03 000000', frame.subarray(12));

/** An 802.3 frame: a length where the Ethertype would be. */
function ieee8023(frame: Buffer): Buffer {
  const body = snap(frame);
  return inEthernet(body.length, body);
}

const erspan3 = (header: string, frame: Buffer): Buffer =>
  inIpv4(47, concat('1000 22eb 00000001', header, frame));

function gpe(frame: Buffer): Buffer {
  return inUdp(4790, concat('0c 0000 01 00002a 00', ipOf(frame)));
}

/** Generic option of four octets, then the frame. */
const geneve = (frame: Buffer): Buffer =>
  inUdp(6081, concat('02 00 6558 00002a 00 0102 80 01 41424344', frame));

/** GTP-U with a sequence number and the extension of a PDU session. */
function gtp(frame: Buffer): Buffer {
  const packet = concat('34 ff 0000 00000001 0000 00 85 01 0009 00', ipOf(frame));
  packet.writeUInt16BE(packet.length - 8, 2);
  return inUdp(2152, packet);
}

/** PPTP: GRE version 1 with a sequence number and an acknowledgement, around PPP whose address is left out. */
function pptp(frame: Buffer, index: number): Buffer {
  const header = hex('3081 880b 0000 0001 00000000 00000000 21');
  header.writeUInt16BE(1 + ipOf(frame).length, 4);
  header.writeUInt32BE(index, 8);
  return inIpv4(47, concat(header, ipOf(frame)));
}

/** IPv4 headers within each other, each without a length, as a network card leaves it. */
function ipInIp(depth: number): Buffer {
  const header = Buffer.from(ipOf(inIpv4(4, Buffer.alloc(0))));
  header.writeUInt16BE(0, 2);
  return Buffer.concat(Array.from({ length: depth }, () => header));
}

/** Captures with headers around what they carry, by file name without `.pcap`. */
export function layerFiles(short: Packets, short6: Packets): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const add = (
    name: string,
    wrap: (frame: Buffer, index: number) => Buffer,
    linkType = 1,
    packets = short,
  ): void =>
    void files.set(
      `${name.startsWith('unread') ? '' : 'layer-'}${name}.pcap`,
      toPcap(around(packets, wrap), { linkType }),
    );
  add('vxlan', (frame) => inUdp(4789, concat(VXLAN, frame)));
  add('vxlan-linux-port', (frame) => inUdp(8472, concat(VXLAN, frame)));
  add('vxlan-over-ipv6', (frame) => inIpv6(17, udpDatagram(4789, concat(VXLAN, frame))), 1, short6);
  add('vxlan-gpe', gpe);
  add('geneve', geneve);
  add('gre', (frame) => inIpv4(47, concat('0000 0800', ipOf(frame))));
  add('gre-checksum-key-sequence', greWithAll);
  add('gre-ethernet', (frame) => inIpv4(47, concat('2000 6558 00000007', frame)));
  add('gre-pptp', pptp);
  add('gre-wccp', (frame) => inIpv4(47, concat('0000 883e 01000000', ipOf(frame))));
  add('erspan-1', (frame) => inIpv4(47, concat('0000 88be', frame)));
  add('erspan-2', (frame) => inIpv4(47, concat('1000 88be 00000001 10010000 00000000', frame)));
  add('erspan-3', (frame) => erspan3('20010000 00000000 00000000', frame));
  add('erspan-3-platform', (frame) => erspan3('20010000 00000000 00000001 0000000000000000', frame));
  add('ip-in-ip', (frame) => inIpv4(4, ipOf(frame)));
  add('6in4', (frame) => inIpv4(41, ipOf(frame)), 1, short6);
  add('ip-in-ipv6', (frame) => inIpv6(4, ipOf(frame)));
  add('authentication-header', (frame) =>
    inIpv4(51, concat('04 04 0000 00000001 00000001', '00'.repeat(12), ipOf(frame))),
  );
  add('l2tp', (frame) => inUdp(1701, concat('0002 0001 0001 ff03 0021', ipOf(frame))));
  add('gtp', gtp);
  add('etherip', (frame) => inIpv4(97, concat('3000', frame)));
  add('mpls', (frame) => inEthernet(0x8847, concat('0001 0040 0002 0140', ipOf(frame))));
  add('mpls-pseudowire', (frame) => inEthernet(0x8847, concat('0001 0140 00000000', frame)));
  add('mpls-over-udp', (frame) => inUdp(6635, concat('0001 0140', ipOf(frame))));
  add('pppoe', pppoe);
  add('802.1ad-three-tags', (frame) => tagged(frame, hex('88a8 0064 8100 0007 8100 0008')), 1, short6);
  add('802.1ah', (frame) => inEthernet(0x88e7, concat('0000002a', frame)));
  add('vn-tag', (frame) => tagged(frame, hex('8926 00010002')));
  add('cisco-metadata', (frame) => tagged(frame, hex('8909 0101 0001 0005')));
  add('hsr', (frame) => tagged(frame, hex('892f 0034 0001')));
  add('llc-snap', ieee8023);
  add('ppp', (frame) => before('ff03 0021', frame), 9);
  add('ppp-short', (frame) => before('57', frame), 9, short6);
  add('ppp-hdlc', (frame) => before('ff03 0021', frame), 50);
  add('c-hdlc', (frame) => before('0f00 0800', frame), 104);
  add('frame-relay', (frame) => before('1841 03 cc', frame), 107);
  add('frame-relay-snap', (frame) => before('1841 03 00 80 000000 86dd', frame), 107, short6);
  add('frame-relay-cisco', (frame) => before('1841 0800', frame), 107);
  add('nflog', (frame) => nflog(frame, false), 239);
  add('nflog-big-endian', (frame) => nflog(frame, true), 239);
  add('pktap', pktap, 258);
  add(
    'radiotap',
    (frame) =>
      concat('00 00 0900 02000000 10', ROUTED_WIFI.replace('0801', '8801'), '0000', snap(frame), '00000000'),
    127,
  );
  add(
    'radiotap-padded',
    (frame) =>
      concat(
        '00 00 1200 03000000 0102030405060708 20 00',
        ROUTED_WIFI.replace('0801', '8801'),
        '0000 0000',
        snap(frame),
      ),
    127,
  );
  add('wifi', (frame) => concat(ROUTED_WIFI, snap(frame)), 105);
  add(
    'wifi-between-access-points',
    (frame) => concat('0803 0000 020000000001 020000000002 020000000003 1000 020000000004', snap(frame)),
    105,
  );
  add('ppi', (frame) => concat('00 00 0800 01000000', frame), 192);
  add('token-ring', (frame) => concat('10 40 020000000001 820000000002 0670 0011 0020', snap(frame)), 6);
  add('cooked-vlan', (frame) => before('0000 0001 0006 020000000001 0000 8100 0007 0800', frame), 113);
  add('pflog', (frame) => concat('3d 02 00 00', Buffer.alloc(60), ipOf(frame)), 117);
  add('nested', (frame) =>
    inUdp(
      4789,
      concat(VXLAN, tagged(inIpv4(47, concat('2000 0800 00000007', ipOf(frame))), hex('8100 0007'))),
    ),
  );
  files.set(
    'layer-gre-inner-fragments.pcap',
    toPcap(around(ipv4Fragments(short, 96), (frame) => inIpv4(47, concat('0000 0800', ipOf(frame))))),
  );
  files.set(
    'layer-vxlan-outer-fragments.pcap',
    toPcap(
      ipv4Fragments(
        around(short, (frame) => inUdp(4789, concat(VXLAN, frame))),
        160,
      ),
    ),
  );
  add('unread-macsec', (frame) => inEthernet(0x88e5, concat('2c 00 00000001 0000000000000001', ipOf(frame))));
  add('unread-esp', (frame) => inIpv4(50, concat('00000001 00000001', ipOf(frame))));
  add('unread-wireguard', (frame) => inUdp(51_820, concat('04000000', frame)));
  add(
    'unread-wifi-encrypted',
    (frame) => concat(ROUTED_WIFI.replace('0801', '0841'), '0000000000000000', snap(frame)),
    105,
  );
  add('unread-too-deep', (frame) => inEthernet(0x0800, concat(ipInIp(30), ipOf(frame))));
  return files;
}
