import { link, mkdtemp, readFile, rm, writeFile, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { displayText, type Exchange } from '../../protocol';
import {
  anonymise,
  CaptureError,
  clearRequest,
  clearResponse,
  MemorySink,
  openCapture,
  readExchanges,
} from '../index';
import { ipv4HeaderSum, tcpSum } from '../testing/checksums';
import { FIELD } from '../testing/field-expectations';
import { mutate, mutations } from '../testing/mutate';
import { answerOf, readBytes } from '../testing/packets';
import { CORPUS } from '../testing/recorded';

const RECORDED = [
  'v4-mixed-growth.pcapng',
  'v4-one-connection-ndr64.pcap',
  'v4-refused.pcap',
  'v5.pcap',
  'v6.pcap',
];
const FILES = [
  ...RECORDED,
  ...FIELD.filter(({ refused }) => refused === undefined).map(({ file }) => `field/${file}`),
];
async function anonymised(file: string, secret = '1'): Promise<Buffer> {
  const sink = new MemorySink();
  await anonymise(path.join(CORPUS, file), sink, { secret });
  return sink.bytes;
}

async function exchangesOf(file: string): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  for await (const exchange of readExchanges(path.join(CORPUS, file))) exchanges.push(exchange);
  return exchanges;
}

/** Every form in which something of the exchanges might be found again. */
function secretsOf(exchanges: readonly Exchange[]): Map<string, Buffer> {
  const secrets = new Map<string, Buffer>();
  const add = (what: string, bytes: Buffer): void => void (bytes.length > 4 && secrets.set(what, bytes));
  for (const exchange of exchanges) {
    const request = clearRequest(exchange);
    const response = clearResponse(exchange);
    if (request !== null) {
      const name = displayText(request.workstationName);
      add(`name ${name} as UTF-16LE`, Buffer.from(name, 'utf16le'));
      add(`name ${name} as ASCII`, Buffer.from(name));
      add(`the first label of ${name}`, Buffer.from(name.split('.')[0]!, 'utf16le'));
      const id = request.clientMachineId;
      const asWritten = Buffer.from(id.replaceAll('-', ''), 'hex');
      add(`CMID ${id} as written`, asWritten);
      add(`CMID ${id} as stored`, Buffer.from(exchange.request.bytes.subarray(64, 80)));
      add(`CMID ${id} as text`, Buffer.from(id));
      add(`request MAC of ${id}`, Buffer.from(request.mac));
    } else {
      add(`sealed request ${exchange.index}`, Buffer.from(exchange.request.bytes.subarray(4, 36)));
    }
    if (response !== null) {
      const ePid = displayText(response.ePid);
      add(`ePID ${ePid}`, Buffer.from(ePid, 'utf16le'));
      add(`end of ePID ${ePid}`, Buffer.from(ePid.slice(-12), 'utf16le'));
      add(`response MAC ${exchange.index}`, Buffer.from(response.mac));
    } else if (exchange.answer?.kind === 'sealed') {
      add(`sealed answer ${exchange.index}`, Buffer.from(exchange.answer.bytes.subarray(4, 36)));
    }
  }
  return secrets;
}

/** Source and destination together: four octets alone also come about by chance (a checksum, an urgent pointer, two no-ops). */
const ADDRESSES: readonly (readonly [string, Buffer])[] = [
  ['127.0.0.1 to itself', Buffer.from('7f0000017f000001', 'hex')],
  ['192.0.2.10 to 192.0.2.1', Buffer.from('c000020ac0000201', 'hex')],
  ['192.0.2.1 to 192.0.2.10', Buffer.from('c0000201c000020a', 'hex')],
  ['2001:db8::10', Buffer.from('20010db8000000000000000000000010', 'hex')],
];

describe('anonymising', () => {
  for (const file of FILES) {
    it(`${file}: nothing of the original is found in the bytes, and the exchanges are the same`, async () => {
      const before = await exchangesOf(file);
      const bytes = await anonymised(file);
      for (const [what, secret] of secretsOf(before)) expect(bytes.indexOf(secret), what).to.equal(-1);
      for (const [what, address] of ADDRESSES) expect(bytes.indexOf(address), what).to.equal(-1);
      for (const word of ['intranet', 'mail ready', 'HTTP/1.1'])
        expect(bytes.indexOf(word), word).to.equal(-1);
      const { exchanges: after } = await readBytes(bytes);
      expect(after.map(answerOf)).to.deep.equal(before.map(answerOf));
      expect(after.map(({ requestedAt }) => requestedAt)).to.deep.equal(
        before.map(({ requestedAt }) => requestedAt),
      );
      expectReplaced(before, after);
      if (!file.includes('fail-')) expect(after.length).to.be.greaterThan(0);
    });
  }

  it('keeps every packet, its length, its time and right checksums', async () => {
    for (const file of [
      'v4-mixed-growth.pcapng',
      'field/hand-ipv4-fragments.pcap',
      'field/hand-ipv4-options.pcap',
    ]) {
      const sink = new MemorySink();
      const report = await anonymise(path.join(CORPUS, file), sink, { secret: '1' });
      expect(report.leftOut).to.equal(0);
      const [original, written] = [await packetsOf(path.join(CORPUS, file)), await packetsOf(sink.bytes)];
      expect(written.map(({ time, data }) => [time, data.length])).to.deep.equal(
        original.map(({ time, data }) => [time, data.length]),
      );
      for (const { data } of written) {
        expect(ipv4HeaderSum(data)).to.equal(0xffff);
        if ((data.readUInt16BE(20) & 0x3fff) === 0) expect(tcpSum(data)).to.equal(0xffff);
      }
    }
  });

  it('replaces the same by the same under one secret, in every capture, and by something else under another', async () => {
    const [first, again, other] = [
      await anonymised('v4-refused.pcap', 'a'),
      await anonymised('v4-refused.pcap', 'a'),
      await anonymised('v4-refused.pcap', 'b'),
    ];
    expect(first.equals(again)).to.equal(true);
    expect(first.equals(other)).to.equal(false);
    const names = async (bytes: Buffer) =>
      (await readBytes(bytes)).exchanges.map((exchange) => clearRequest(exchange)?.workstationName);
    const inAnother = await names(await anonymised('field/editcap-nanoseconds.pcap', 'a'));
    expect(inAnother).to.deep.equal(await names(first));
  });

  it('counts what it replaced and what it could not read', async () => {
    const sink = new MemorySink();
    const v6 = await anonymise(path.join(CORPUS, 'v6.pcap'), sink, { secret: '1' });
    expect(v6).to.deep.include({ requests: 5, responses: 5, sealed: 10, packets: 20, leftOut: 0 });
    const others = await anonymise(path.join(CORPUS, 'field/hand-among-others.pcap'), new MemorySink(), {
      secret: '1',
    });
    expect(others.leftOut).to.be.greaterThan(10);
  });

  it('writes a file of the format of its input and refuses to overwrite it', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'kmsspec-'));
    try {
      const copy = path.join(folder, 'in.pcap');
      const original = await readFile(path.join(CORPUS, 'v4-refused.pcap'));
      await writeFile(copy, original);
      await anonymise(copy, path.join(folder, 'out.pcap'), { secret: '1' });
      expect((await openAndClose(path.join(folder, 'out.pcap'))).format).to.equal('pcap');
      const [linked, hard] = [path.join(folder, 'linked'), path.join(folder, 'hard')];
      await symlink(copy, linked);
      await link(copy, hard);
      for (const name of [copy, linked, hard]) {
        const error: unknown = await anonymise(copy, name, { secret: '1' }).catch(
          (thrown: unknown) => thrown,
        );
        expect(error).to.be.instanceOf(CaptureError);
        expect((error as CaptureError).code).to.equal('same-file');
      }
      expect((await readFile(copy)).equals(original)).to.equal(true);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('survives 400 mutated captures (seed 7), and leaves no name in them', async function () {
    this.timeout(60_000);
    const folder = await mkdtemp(path.join(os.tmpdir(), 'kmsspec-'));
    const file = path.join(folder, 'mutated.pcap');
    const small = FIELD.map(({ file: one }) => path.join(CORPUS, 'field', one)).filter((one) =>
      /hand-|layer-|fail-|twice-/.test(one),
    );
    const name = Buffer.from('LAB-CLIENT', 'utf16le');
    const leavesNone = fc.asyncProperty(fc.constantFrom(...small), mutations, async (original, damage) => {
      await writeFile(file, mutate(await readFile(original), damage));
      const sink = new MemorySink();
      try {
        await anonymise(file, sink, { secret: '1' });
      } catch (error) {
        if (!(error instanceof CaptureError)) throw error;
      }
      expect(sink.bytes.indexOf(name)).to.equal(-1);
    });
    try {
      await fc.assert(leavesNone, { seed: 7, numRuns: 400 });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

function expectReplaced(before: readonly Exchange[], after: readonly Exchange[]): void {
  const seen = new Map<string, string>();
  for (const [i, exchange] of before.entries()) {
    const [old, fresh] = [clearRequest(exchange), clearRequest(after[i]!)];
    expect(after[i]!.request.bytes).to.have.length(exchange.request.bytes.length);
    if (old === null || fresh === null) continue;
    expect(fresh.workstationName).to.have.length(old.workstationName.length);
    expect(Buffer.from(fresh.mac)).to.deep.equal(Buffer.alloc(16));
    const kept = [
      'skuId',
      'applicationId',
      'kmsCountedId',
      'requiredClientCount',
      'requestTime',
      'licenseStatus',
    ] as const;
    for (const field of kept) expect(fresh[field]).to.equal(old[field]);
    const known = seen.get(old.clientMachineId) ?? fresh.clientMachineId;
    expect(fresh.clientMachineId).to.equal(known);
    expect(fresh.clientMachineId).to.not.equal(old.clientMachineId);
    seen.set(old.clientMachineId, known);
    const response = clearResponse(after[i]!);
    if (response !== null) expect(response.clientMachineId).to.equal(fresh.clientMachineId);
  }
  expect(new Set(seen.values()).size).to.equal(seen.size);
}

async function packetsOf(source: string | Buffer): Promise<{ time: bigint; data: Buffer }[]> {
  const { Readable } = await import('node:stream');
  const capture = await openCapture(typeof source === 'string' ? source : Readable.from([source]));
  const packets: { time: bigint; data: Buffer }[] = [];
  for await (const { timestampNs, data } of capture)
    packets.push({ time: timestampNs, data: Buffer.from(data) });
  return packets;
}

async function openAndClose(file: string): Promise<{ format: string }> {
  const capture = await openCapture(file);
  await capture.close();
  return capture;
}
