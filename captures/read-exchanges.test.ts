import path from 'node:path';
import { expect } from 'chai';
import type { Exchange } from '../protocol';
import { readExchanges } from './index';

const CORPUS = path.join(__dirname, 'corpus');

async function read(name: string): Promise<Exchange[]> {
  const reader = readExchanges(path.join(CORPUS, name));
  const exchanges: Exchange[] = [];
  for await (const exchange of reader) exchanges.push(exchange);
  expect(reader.report?.warnings).to.deep.equal([]);
  return exchanges;
}

const counts = (exchanges: readonly Exchange[]): (number | null)[] =>
  exchanges.map(({ answer }) => (answer?.kind === 'response' ? answer.value.currentClientCount : null));

const upTo = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);
const MIXED_GROWTH = [
  ...upTo(1, 10),
  ...Array<number>(5).fill(10),
  ...upTo(11, 50),
  ...Array<number>(10).fill(50),
];

describe('reading the recorded captures', () => {
  for (const name of ['v4-mixed-growth.pcap', 'v4-mixed-growth.pcapng']) {
    it(`finds 65 exchanges in ${name}, with the counts that were recorded`, async () => {
      const exchanges = await read(name);
      expect(counts(exchanges)).to.deep.equal(MIXED_GROWTH);
      expect(exchanges.map(({ index }) => index)).to.deep.equal(upTo(0, 64));
      expect(exchanges.map(({ connection }) => connection)).to.deep.equal(upTo(0, 64));
    });
  }

  it('finds a connection for each of 30 clients', async () => {
    const exchanges = await read('v4-threshold-clients.pcap');
    expect(counts(exchanges)).to.deep.equal(upTo(1, 30));
    const [first] = exchanges;
    expect(first).to.include({ client: '127.0.0.1:40064', host: '127.0.0.1:1688', transferSyntax: 'ndr32' });
    // As tshark prints them.
    expect(first?.requestedAt).to.equal(1_795_245_414_099_620_000n);
    expect(new Set(exchanges.map(({ client }) => client)).size).to.equal(30);
  });

  it('follows alter_context to NDR64 on one connection', async () => {
    const exchanges = await read('v4-one-connection-ndr64.pcap');
    expect(counts(exchanges)).to.deep.equal(upTo(1, 12));
    expect(new Set(exchanges.map(({ connection }) => connection))).to.deep.equal(new Set([0]));
    expect(exchanges.map(({ transferSyntax }) => transferSyntax)).to.include('ndr64');
  });

  it('reads refusals', async () => {
    const exchanges = await read('v4-refused.pcap');
    expect(exchanges.map(({ answer }) => answer)).to.deep.equal([
      { kind: 'refusal', hresult: 0xc004f042 },
      { kind: 'refusal', hresult: 0xc004f042 },
      { kind: 'refusal', hresult: 0x8007000d },
    ]);
  });

  for (const version of [5, 6]) {
    it(`reads the clear part of version ${version} and leaves the rest sealed`, async () => {
      const exchanges = await read(`v${version}.pcap`);
      expect(exchanges).to.have.length(5);
      for (const { request, answer } of exchanges) {
        expect(request.content).to.include({ kind: 'sealed' });
        expect(request.bytes).to.have.length(260);
        expect(answer).to.include({ kind: 'sealed' });
        if (answer?.kind === 'sealed')
          expect(answer.value).to.include({ majorVersion: version, minorVersion: 0 });
      }
    });
  }
});
