import type { FieldExpectation } from './field-expectations';

const MADE = 'by hand: nothing at hand sends through this';
const TWO = ['0xc004f042', '0xc004f042'];

/** Where tshark does not look unless it is told to. */
const ASKED_FIRST: Readonly<Record<string, string>> = {
  'vxlan-linux-port': 'tshark looks for VXLAN on this port only when told to decode it so',
  'mpls-pseudowire': 'tshark takes what follows a label for a pseudowire only when told to',
  'nflog-big-endian': 'tshark takes the byte order of NFLOG from that of the file',
};

const NAMES = [
  'vxlan',
  'vxlan-linux-port',
  'vxlan-over-ipv6',
  'vxlan-gpe',
  'geneve',
  'gre',
  'gre-checksum-key-sequence',
  'gre-ethernet',
  'gre-pptp',
  'gre-wccp',
  'erspan-1',
  'erspan-2',
  'erspan-3',
  'erspan-3-platform',
  'ip-in-ip',
  '6in4',
  'ip-in-ipv6',
  'authentication-header',
  'l2tp',
  'gtp',
  'etherip',
  'mpls',
  'mpls-pseudowire',
  'mpls-over-udp',
  'pppoe',
  '802.1ad-three-tags',
  '802.1ah',
  'vn-tag',
  'cisco-metadata',
  'hsr',
  'llc-snap',
  'ppp',
  'ppp-short',
  'ppp-hdlc',
  'c-hdlc',
  'frame-relay',
  'frame-relay-snap',
  'frame-relay-cisco',
  'nflog',
  'nflog-big-endian',
  'pktap',
  'radiotap',
  'radiotap-padded',
  'wifi',
  'wifi-between-access-points',
  'ppi',
  'token-ring',
  'cooked-vlan',
  'pflog',
  'nested',
  'gre-inner-fragments',
  'vxlan-outer-fragments',
];

const UNREAD: Readonly<Record<string, string>> = {
  macsec: 'Ethertype 0x88E5 (MACsec)',
  esp: 'IP protocol 50 (ESP)',
  wireguard: 'UDP port 51820 (WireGuard)',
  'wifi-encrypted': '802.11 frames (encrypted)',
};
const TOO_DEEP = 'headers within headers beyond the depth that is read';

/** Each capture carries the same two refusals, in another wrapping. */
export const LAYER_FIELD: readonly FieldExpectation[] = [
  ...NAMES.map((name): FieldExpectation => {
    const reason = ASKED_FIRST[name];
    const expectation: FieldExpectation = {
      file: `layer-${name}.pcap`,
      made: MADE,
      answers: TWO,
      ...(name.includes('outer-fragments') ? { refused: 'unsupported' } : {}),
    };
    return reason === undefined
      ? expectation
      : { ...expectation, tshark: { exchanges: 0, answered: 0, reason } };
  }),
  ...Object.entries(UNREAD).map(
    ([name, what]): FieldExpectation => ({
      file: `unread-${name}.pcap`,
      made: MADE,
      answers: [],
      refused: 'no-kms',
      warnings: [`19 packets of ${what} are not read`],
    }),
  ),
  {
    file: 'unread-too-deep.pcap',
    made: MADE,
    answers: [],
    refused: 'no-kms',
    warnings: [`19 packets of ${TOO_DEEP} are not read`],
    tshark: { exchanges: 2, answered: 2, reason: 'tshark reads 30 headers within each other, kmsspec 24' },
  },
];
