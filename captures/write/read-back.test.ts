import path from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import type { Exchange } from '../../protocol';
import {
  type CapturedPacket,
  MemorySink,
  openCapture,
  type PacketWriter,
  PcapngWriter,
  PcapWriter,
  readExchanges,
  writeExchanges,
} from '../index';
import { FIELD } from '../testing/field-expectations';
import { answerOf, readBytes } from '../testing/packets';
import { CORPUS } from '../testing/recorded';

const FILES = FIELD.map(({ file }) => file);
const fieldFile = (file: string): string => path.join(CORPUS, 'field', file);

interface Kept {
  readonly timestampNs: bigint;
  readonly linkType: number;
  readonly originalLength: number;
  readonly data: string;
}

const keep = ({ timestampNs, linkType, originalLength, data }: CapturedPacket): Kept => ({
  timestampNs,
  linkType,
  originalLength,
  data: data.toString('hex'),
});

async function packetsOf(source: string | Buffer): Promise<Kept[]> {
  const packets: Kept[] = [];
  for await (const packet of await openCapture(typeof source === 'string' ? source : Readable.from([source])))
    packets.push(keep(packet));
  return packets;
}

async function exchangesOf(file: string): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  for await (const exchange of readExchanges(fieldFile(file))) exchanges.push(exchange);
  return exchanges;
}

function written(make: (sink: MemorySink) => PacketWriter, write: (writer: PacketWriter) => void): Buffer {
  const sink = new MemorySink();
  write(make(sink));
  return sink.bytes;
}

describe('the writers take whatever is read', () => {
  for (const file of FILES) {
    it(`every packet of ${file}, in either format`, async () => {
      const packets = await packetsOf(fieldFile(file));
      const put = (interfaceOf: (linkType: number) => number) => (writer: PacketWriter) => {
        for (const packet of packets)
          writer.packet({
            ...packet,
            data: Buffer.from(packet.data, 'hex'),
            interfaceId: interfaceOf(packet.linkType),
          });
      };
      const links = [...new Set(packets.map(({ linkType }) => linkType))];
      const pcapng = written(
        (sink) => {
          const writer = new PcapngWriter(sink, { firstInterface: null });
          for (const linkType of links) writer.addInterface({ linkType });
          return writer;
        },
        put((linkType) => links.indexOf(linkType)),
      );
      expect(await packetsOf(pcapng)).to.deep.equal(packets);
      if (links.length !== 1) return;
      const pcap = written(
        (sink) => new PcapWriter(sink, { linkType: links[0]! }),
        put(() => 0),
      );
      expect(await packetsOf(pcap)).to.deep.equal(packets);
    });

    it(`every exchange of ${file}, in either format`, async () => {
      const exchanges = await exchangesOf(file);
      for (const make of [
        (sink: MemorySink) => new PcapWriter(sink),
        (sink: MemorySink) => new PcapngWriter(sink),
      ]) {
        const bytes = written(make, (writer) => writeExchanges(exchanges, writer));
        const back = await readBytes(bytes, {});
        // What is written is in the order of time, which files of several sections are not.
        expect(inTime(back.exchanges)).to.deep.equal(inTime(exchanges));
        expect(back.warnings).to.deep.equal([]);
      }
    });
  }

  const odd = { data: Buffer.of(1, 2, 3), originalLength: 3 };
  for (const [what, timestampNs, expected] of [
    ['before 1970', -1_500_000_000n, 0n],
    ['after 2106', 1n << 63n, 4_294_967_295_999_999_999n],
  ] as const) {
    it(`a time ${what}: the nearest that classic pcap can tell`, async () => {
      const pcap = written(
        (sink) => new PcapWriter(sink),
        (writer) => writer.packet({ ...odd, timestampNs }),
      );
      expect((await packetsOf(pcap)).map((packet) => packet.timestampNs)).to.deep.equal([expected]);
    });
  }

  it('a time of any size in pcapng: the nearest that 64 bits of nanoseconds can tell', async () => {
    const times = [-1n, 0n, 1n << 63n, (1n << 64n) - 1n, 1n << 70n];
    const pcapng = written(
      (sink) => new PcapngWriter(sink),
      (writer) => times.forEach((timestampNs) => writer.packet({ ...odd, timestampNs })),
    );
    const most = (1n << 64n) - 1n;
    expect((await packetsOf(pcapng)).map((packet) => packet.timestampNs)).to.deep.equal([
      0n,
      0n,
      1n << 63n,
      most,
      most,
    ]);
  });

  it('a packet longer than any reader takes: cut, with its length', async () => {
    const data = Buffer.alloc(300_000, 7);
    for (const make of [
      (sink: MemorySink) => new PcapWriter(sink),
      (sink: MemorySink) => new PcapngWriter(sink),
    ]) {
      const [packet] = await packetsOf(written(make, (writer) => writer.packet({ timestampNs: 1n, data })));
      expect(packet).to.include({ originalLength: 300_000 });
      expect(packet!.data).to.have.length(2 * 262_144);
    }
  });
});

const inTime = (exchanges: readonly Exchange[]) =>
  exchanges.map(placeOf).sort((a, b) => Number(a.requestedAt - b.requestedAt));

function placeOf(exchange: Exchange) {
  const { client, host, requestedAt, answeredAt, transferSyntax } = exchange;
  return { client, host, requestedAt, answeredAt, transferSyntax, answer: answerOf(exchange) };
}
