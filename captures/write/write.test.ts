import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { Exchange } from '../../protocol';
import {
  ConversationWriter,
  FileSink,
  MemorySink,
  type PacketWriter,
  PcapngWriter,
  PcapWriter,
  readExchanges,
  writeExchanges,
} from '../index';
import { answerOf, readBytes, START } from '../testing/packets';
import { CORPUS } from '../testing/recorded';

async function recorded(name: string): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  for await (const exchange of readExchanges(path.join(CORPUS, name))) exchanges.push(exchange);
  return exchanges;
}

const WRITERS: Readonly<Record<string, (sink: MemorySink) => PacketWriter>> = {
  pcap: (sink) => new PcapWriter(sink),
  'pcap in microseconds': (sink) => new PcapWriter(sink, { nanoseconds: false }),
  pcapng: (sink) => new PcapngWriter(sink, { firstInterface: { name: 'lo' } }),
};

describe('writing exchanges', () => {
  for (const [format, makeWriter] of Object.entries(WRITERS)) {
    for (const name of [
      'v4-mixed-growth.pcap',
      'v4-one-connection-ndr64.pcap',
      'v4-refused.pcap',
      'v5.pcap',
      'v6.pcap',
    ]) {
      it(`${name} as ${format} reads as the same exchanges`, async () => {
        const before = await recorded(name);
        const sink = new MemorySink();
        writeExchanges(before, makeWriter(sink));
        const { exchanges, warnings } = await readBytes(sink.bytes);
        expect(warnings).to.deep.equal([]);
        expect(exchanges).to.deep.equal(before);
      });
    }
  }

  it('writes calls without an answer, on any port and over IPv6', async () => {
    const [first] = await recorded('v4-refused.pcap');
    const open = { ...first!, client: '[::1]:50000', host: '[::1]:17000', answer: null, answeredAt: null };
    const sink = new MemorySink();
    writeExchanges([{ ...open, pdus: { ...open.pdus, received: [] } }], new PcapngWriter(sink));
    const { exchanges } = await readBytes(sink.bytes);
    expect(exchanges.map(answerOf)).to.deep.equal(['none']);
    expect(exchanges[0]).to.include({ client: '[::1]:50000', host: '[::1]:17000' });
  });
});

describe('writing conversations', () => {
  it('has every packet in the file when the call returns', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'kmsspec-'));
    const file = path.join(folder, 'x.pcapng');
    const sink = new FileSink(file);
    try {
      const conversations = new ConversationWriter(new PcapngWriter(sink));
      const header = readFileSync(file).length;
      const conversation = conversations.open('127.0.0.1:50000', '127.0.0.1:1688', START);
      const afterHandshake = readFileSync(file).length;
      expect(afterHandshake).to.be.greaterThan(header);
      conversation.send('client', Buffer.from('marker'), START);
      expect(readFileSync(file).indexOf('marker')).to.be.greaterThan(afterHandshake);
    } finally {
      sink.close();
      rmSync(folder, { recursive: true });
    }
  });

  it('ignores what is said after the end and after a reset', () => {
    const sink = new MemorySink();
    const conversation = new ConversationWriter(new PcapWriter(sink)).open(
      '127.0.0.1:1',
      '127.0.0.1:2',
      START,
    );
    conversation.end('client', START);
    const { length } = sink.bytes;
    conversation.send('client', Buffer.from('late'), START);
    conversation.end('client', START);
    expect(sink.bytes).to.have.length(length);
    conversation.reset('host', START);
    const { length: afterReset } = sink.bytes;
    conversation.send('host', Buffer.from('late'), START);
    conversation.reset('client', START);
    expect(sink.bytes).to.have.length(afterReset);
  });

  it('writes what a socket calls ::ffff:127.0.0.1 as IPv4, and refuses mixed families', () => {
    const conversations = new ConversationWriter(new PcapWriter(new MemorySink()));
    expect(() => conversations.open('[::ffff:127.0.0.1]:1', '127.0.0.1:2', START)).to.not.throw();
    expect(() => conversations.open('[::1]:1', '127.0.0.1:2', START)).to.throw(RangeError, /IPv4/);
  });
});
