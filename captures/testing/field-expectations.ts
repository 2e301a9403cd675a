import { ATTEMPT_FIELD } from './attempt-expectations';
import { LAYER_FIELD } from './layer-expectations';

/** What each capture of `corpus/field/` must yield: written by hand, from what was played, left out or cut. */
export interface FieldExpectation {
  readonly file: string;
  /** The tool that made it, or why it was made by hand. */
  readonly made: string;
  /** In the order of the requests: the count, the HRESULT, `sealed`, or `none`. */
  readonly answers: readonly string[];
  /** Outcomes of the attempts that came to nothing; none by default. */
  readonly attempts?: readonly string[];
  /** Patterns, one for each warning, in order. */
  readonly warnings?: readonly string[];
  /** The code of the error with which the anonymiser refuses it. */
  readonly refused?: 'unsupported' | 'no-kms';
  /** Where tshark finds other exchanges: how many, how many of them answered, and why. */
  readonly tshark?: { readonly exchanges: number; readonly answered: number; readonly reason: string };
}

const NOT_OFFERED = '0xc004f042';
const REFUSED = [NOT_OFFERED, NOT_OFFERED, '0x8007000d'];
const TWO = [NOT_OFFERED, NOT_OFFERED];
const TWELVE = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12'];
const SEALED = ['sealed', 'sealed', 'sealed', 'sealed', 'sealed'];

const RE_SYNC =
  'tshark reassembles nothing behind a missing segment: it waits for bytes that never come; kmsspec goes on at the next PDU';
const LINK_LAYER = 'by hand: the machine has no interface of this link type';
const OLD_FILE = 'by hand: no tool at hand writes this any more';
const NETWORK = 'by hand: a loopback interface neither cuts datagrams nor adds options';
const STREAM = 'by hand: a loopback interface loses, repeats and reorders nothing';

export const FIELD: readonly FieldExpectation[] = [
  { file: 'tcpdump-nanoseconds.pcap', made: 'tcpdump --time-stamp-precision=nano', answers: REFUSED },
  { file: 'tcpdump-ipv6.pcap', made: 'tcpdump, IPv6', answers: REFUSED },
  { file: 'tcpdump-cooked-v1.pcap', made: 'tcpdump -i any -y LINUX_SLL', answers: REFUSED },
  { file: 'tcpdump-cooked-v2.pcap', made: 'tcpdump -i any -y LINUX_SLL2, NDR64', answers: TWELVE },
  {
    file: 'tcpdump-snap-length.pcap',
    made: 'tcpdump -s 200: binds and requests are cut',
    refused: 'no-kms',
    answers: [],
    warnings: ['cut by the snap length'],
    tshark: {
      exchanges: 3,
      answered: 3,
      reason: 'tshark counts PDUs whose stub was cut off; they hold no whole KMS message',
    },
  },
  { file: 'tcpdump-pieces.pcap', made: 'tcpdump, PDUs in segments of 48 bytes', answers: TWELVE },
  {
    file: 'tcpdump-reset.pcap',
    made: 'tcpdump, reset before the last answer',
    attempts: ['no-answer', 'no-answer'],
    answers: [NOT_OFFERED, 'none', 'none'],
  },
  {
    file: 'tcpdump-half-close.pcap',
    made: 'tcpdump, the client closes its side first',
    answers: ['1', '2', '3'],
  },
  {
    file: 'tcpdump-one-direction.pcap',
    made: 'tcpdump tcp dst port',
    attempts: ['no-answer', 'no-answer'],
    answers: ['none', 'none', 'none'],
  },
  { file: 'tcpdump-gzipped.pcap.gz', made: 'tcpdump, gzip', answers: SEALED },
  { file: 'dumpcap.pcapng', made: 'dumpcap', answers: REFUSED },
  {
    file: 'dumpcap-two-interfaces.pcapng',
    made: 'dumpcap -i lo -i any: every packet on two links',
    answers: SEALED,
  },
  { file: 'editcap-nanoseconds.pcap', made: 'editcap -F nsecpcap', answers: REFUSED },
  { file: 'editcap.pcapng.gz', made: 'editcap -F pcapng, gzip', answers: SEALED },
  {
    file: 'mergecap-interfaces.pcapng',
    made: 'mergecap of Ethernet and cooked',
    answers: [...REFUSED, ...REFUSED],
  },
  { file: 'two-sections.pcapng', made: 'editcap -F pcapng twice, cat', answers: [...REFUSED, ...SEALED] },
  {
    file: 'mergecap-every-packet-twice.pcap',
    made: 'mergecap of a file with itself, as pktmon traces are',
    answers: REFUSED,
  },
  { file: 'editcap-starts-in-mid-connection.pcap', made: 'editcap -r 12-36', answers: TWELVE.slice(1) },
  {
    file: 'editcap-ends-in-mid-connection.pcap',
    made: 'editcap -r 1-18',
    attempts: ['cut'],
    answers: ['1', '2', '3', '4', 'none'],
  },
  {
    file: 'editcap-request-missing.pcap',
    made: 'editcap, one request taken out',
    answers: TWELVE.toSpliced(4, 1),
    warnings: ['292 bytes are missing', 'an answer whose request is not'],
    tshark: { exchanges: 4, answered: 4, reason: RE_SYNC },
  },
  {
    file: 'editcap-response-missing.pcap',
    made: 'editcap, one response taken out',
    attempts: ['no-answer'],
    answers: TWELVE.with(4, 'none'),
    warnings: ['212 bytes are missing'],
    tshark: { exchanges: 12, answered: 4, reason: RE_SYNC },
  },
  {
    file: 'editcap-handshake-missing.pcap',
    made: 'editcap, the first handshake taken out',
    answers: REFUSED,
  },
  {
    file: 'mergecap-out-of-order.pcap',
    made: 'editcap -r, mergecap -a: pieces in disorder',
    answers: TWELVE,
  },
  {
    file: 'cut-in-a-record.pcap',
    made: 'head -c',
    attempts: ['cut'],
    answers: TWO,
    warnings: ['ends within a packet record'],
  },
  {
    file: 'cut-in-a-block.pcapng',
    made: 'editcap -F pcapng, head -c',
    attempts: ['cut'],
    answers: TWO,
    warnings: ['ends within a block'],
  },
  {
    file: 'cut-gzip.pcap.gz',
    made: 'tcpdump, gzip, head -c',
    attempts: ['cut'],
    answers: ['sealed', 'none'],
    warnings: ['gzipped data is cut', 'ends within a packet record'],
  },
  { file: 'hand-big-endian.pcap', made: 'by hand: the machine is little-endian', answers: TWO },
  { file: 'hand-version-2.3.pcap', made: OLD_FILE, answers: TWO },
  { file: 'hand-big-endian.pcapng', made: 'by hand: the machine is little-endian', answers: TWO },
  {
    file: 'hand-time-resolution.pcapng',
    made: 'by hand: tools write powers of ten and no if_tsoffset',
    answers: TWO,
  },
  { file: 'hand-old-blocks.pcapng', made: OLD_FILE, answers: TWO },
  {
    file: 'hand-simple-blocks.pcapng',
    made: OLD_FILE,
    answers: TWO,
    warnings: ['simple packet blocks carry no time'],
  },
  { file: 'hand-vlan.pcap', made: LINK_LAYER, answers: TWO },
  { file: 'hand-qinq.pcap', made: LINK_LAYER, answers: TWO },
  { file: 'hand-null-little.pcap', made: LINK_LAYER, answers: TWO },
  { file: 'hand-null-big.pcap', made: LINK_LAYER, answers: TWO },
  { file: 'hand-loop.pcap', made: LINK_LAYER, answers: TWO },
  { file: 'hand-raw-ip.pcap', made: LINK_LAYER, answers: TWO },
  { file: 'hand-raw-bsd.pcap', made: LINK_LAYER, answers: TWO },
  { file: 'hand-raw-ipv4.pcap', made: LINK_LAYER, answers: TWO },
  { file: 'hand-raw-ipv6.pcap', made: LINK_LAYER, answers: TWO },
  { file: 'hand-ipv4-options.pcap', made: NETWORK, answers: TWO },
  { file: 'hand-ipv4-fragments.pcap', made: NETWORK, answers: TWO },
  { file: 'hand-ipv6-extensions.pcap', made: NETWORK, answers: TWO },
  { file: 'hand-ipv6-fragments.pcap', made: NETWORK, answers: TWO },
  { file: 'hand-overlap.pcap', made: STREAM, answers: TWO },
  {
    file: 'hand-conflict.pcap',
    made: STREAM,
    answers: TWO,
    warnings: ['retransmission differs from the first copy'],
  },
  { file: 'hand-sequence-wrap.pcap', made: 'by hand: sequence numbers start at random', answers: TWELVE },
  {
    file: 'hand-port-reuse.pcap',
    made: 'by hand: the system keeps ports apart',
    answers: ['1', '2', '3', '4'],
  },
  {
    file: 'hand-starts-in-a-pdu.pcap',
    made: STREAM,
    answers: TWELVE.slice(2),
    warnings: ['no DCE/RPC header where one should stand', 'an answer whose request is not'],
  },
  { file: 'hand-rpc-fragments.pcap', made: 'by hand: no client cuts its requests', answers: TWO },
  {
    file: 'hand-segment-missing.pcap',
    made: STREAM,
    answers: TWELVE.toSpliced(2, 1),
    warnings: ['100 bytes are missing', 'an answer whose request is not'],
    tshark: { exchanges: 2, answered: 2, reason: RE_SYNC },
  },
  {
    file: 'hand-among-others.pcap',
    made: 'by hand: other connections, and KMS on another port',
    answers: TWO,
  },
  ...LAYER_FIELD,
  ...ATTEMPT_FIELD,
];
