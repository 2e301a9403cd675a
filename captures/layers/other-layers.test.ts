import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { anonymise, CaptureError, MemorySink } from '../index';
import { around, before as beforeIp, hex, inEthernet, inIpv4, inUdp, ipOf, tagged } from '../testing/around';
import { type Packets, play, readBytes, toPcap } from '../testing/packets';
import { recordedConnections } from '../testing/recorded';
import { ipv4Fragments } from '../testing/wrap';

const ROUTED_WIFI = '8801 0000 020000000001 020000000002 020000000003 1000 8000';

const concat = (...parts: readonly (Buffer | string)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? hex(part) : part)));
const snap = (frame: Buffer): Buffer => concat('aaaa03 000000', frame.subarray(12));
const length = (bytes: Buffer): Buffer => Buffer.of(bytes.length >> 8, bytes.length & 255);
const subframe = (frame: Buffer): Buffer =>
  concat('020000000009 02000000000a', length(snap(frame)), snap(frame));
/** A hardware address that begins as an IPv6 header does. */
const likeIpv6 = (frame: Buffer): Buffer => concat('6c0000000002 480000000001', frame.subarray(12));
/** In 802.3, a length where the Ethertype would be. */
const withLength = (frame: Buffer): Buffer => concat(frame.subarray(0, 12), length(snap(frame)), snap(frame));
const pppoe = (frame: Buffer): Buffer =>
  inEthernet(0x8864, concat('1100 0001', length(concat('0021', ipOf(frame))), '0021', ipOf(frame)));

interface Wrapping {
  readonly wrap: (frame: Buffer) => Buffer;
  readonly linkType?: number;
  /** There may be names in it that cannot be replaced. */
  readonly isRefused?: boolean;
}

const WRAPPINGS: Readonly<Record<string, Wrapping>> = {
  'VXLAN without its flag': { wrap: (frame) => inUdp(4789, concat('00000000 00002a00', frame)) },
  'a service header in VXLAN-GPE': {
    wrap: (frame) => inUdp(4790, concat('0c000004 00002a00 0fc60103 00000aff', '0a'.repeat(16), frame)),
  },
  'a service header in Ethernet': {
    wrap: (frame) => inEthernet(0x894f, concat('0fc20201 00000aff', ipOf(frame))),
  },
  TRILL: { wrap: (frame) => inEthernet(0x22f3, concat('0045 0001 0002 01020304', frame)) },
  FabricPath: { wrap: (frame) => inEthernet(0x8903, concat('0040', frame)) },
  '802.1CB': { wrap: (frame) => tagged(frame, hex('f1c1 0000 0001')) },
  'MACsec that only signs': {
    wrap: (frame) => concat(tagged(frame, hex('88e5 2000 00000001 0102030405060708')), '00'.repeat(16)),
    isRefused: true,
  },
  LISP: { wrap: (frame) => inUdp(4341, concat('0800000000000001', ipOf(frame))) },
  TZSP: { wrap: (frame) => inUdp(37_008, concat('01000001 00 0a0101 01', frame)), isRefused: true },
  'a pseudowire whose address looks like IPv6': {
    wrap: (frame) => inEthernet(0x8847, concat('00010140', likeIpv6(frame))),
  },
  'a pseudowire without a control word, of PPPoE': {
    wrap: (frame) => inEthernet(0x8847, concat('00010140', pppoe(frame))),
  },
  'a pseudowire without a control word, of 802.3': {
    wrap: (frame) => inEthernet(0x8847, concat('00010140', withLength(frame))),
  },
  'an A-MSDU of one': { linkType: 105, wrap: (frame) => concat(ROUTED_WIFI, subframe(frame)) },
  SLIP: { linkType: 8, wrap: (frame) => beforeIp('00'.repeat(16), frame) },
  SunATM: { linkType: 123, wrap: (frame) => concat('02000064', snap(frame)) },
  netANALYZER: { linkType: 240, wrap: (frame) => concat('00000000', frame) },
  'netANALYZER with preambles': {
    linkType: 241,
    wrap: (frame) => concat('00000000 55555555555555d5', frame),
  },
  'IP over Fibre Channel': {
    linkType: 122,
    wrap: (frame) => concat('00'.repeat(16), snap(frame)),
    isRefused: true,
  },
};

describe('layers that stand in few captures', () => {
  let folder: string;
  let plain: Packets;
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'kmsspec-layers-'));
    plain = play((await recordedConnections('v4-refused.pcap'))[0]!);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const wrapped = ({ wrap, linkType = 1 }: Wrapping): Buffer => toPcap(around(plain, wrap), { linkType });

  for (const [name, wrapping] of Object.entries(WRAPPINGS)) {
    it(`${name}: exchanges are read, and rewritten or refused`, async () => {
      const file = path.join(folder, 'in.pcap');
      const bytes = wrapped(wrapping);
      writeFileSync(file, bytes);
      const { answers, warnings } = await readBytes(bytes);
      expect(answers).to.deep.equal((await readBytes(toPcap(plain))).answers);
      expect(warnings).to.deep.equal([]);
      const sink = new MemorySink();
      const outcome = await anonymise(file, sink, { secret: '7' }).catch((error: unknown) => error);
      if (wrapping.isRefused === true) {
        expect(outcome).to.be.instanceOf(CaptureError).and.to.have.property('code', 'unsupported');
        return;
      }
      expect((await readBytes(sink.bytes)).answers).to.deep.equal(answers);
      for (const address of ['c000020a', '0200000000020200', '0a'.repeat(16)])
        expect(sink.bytes.includes(hex(address)), address).to.equal(false);
    });
  }

  it('is told by name and number where a tunnel’s header cannot be, and where what it carries is encrypted', async () => {
    const told: readonly (readonly [name: string, wrap: Wrapping['wrap']])[] = [
      ['UDP port 6081 (GENEVE)', (frame) => inUdp(6081, concat('40006558 00002a00', frame))],
      ['UDP port 4790 (VXLAN-GPE)', (frame) => inUdp(4790, concat('0c000007 00002a00', frame))],
      ['Ethertype 0x88E5 (MACsec)', (frame) => tagged(frame, hex('88e5 2c00 00000001 0102030405060708'))],
      ['IP protocol 47', (frame) => inIpv4(47, concat('4000 0800 00000000 0000 0000', ipOf(frame)))],
      [
        '802.11 frames (aggregated (A-MSDU))',
        (frame) => concat(ROUTED_WIFI, subframe(frame), subframe(frame)),
      ],
      [
        'headers within headers beyond the depth that is read',
        (frame) => inEthernet(0x8847, concat('00010040'.repeat(19), '00010140', ipOf(frame))),
      ],
    ];
    for (const [name, wrap] of told) {
      const linkType = name.startsWith('802.11') ? 105 : 1;
      const { answers, warnings } = await readBytes(wrapped({ wrap, linkType }));
      expect(answers).to.deep.equal([]);
      expect(warnings.map(({ message }) => message)).to.deep.equal([
        `${plain.length} packets of ${name} are not read: connections inside cannot be seen`,
      ]);
    }
  });

  it('takes a fragment that comes again behind its datagram for what it is', async () => {
    const pieces = ipv4Fragments(plain, 96);
    const { answers, warnings } = await readBytes(toPcap([...pieces, ...pieces.slice(0, 3)]));
    expect(answers).to.deep.equal((await readBytes(toPcap(plain))).answers);
    expect(warnings).to.deep.equal([]);
  });
});
