import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { Exchange } from '../protocol';
import { anonymise, readExchanges } from './index';
import { FIELD } from './testing/field-expectations';
import { CORPUS } from './testing/recorded';
import { badFrames, type TsharkCall, tsharkCalls } from './testing/tshark';

const RECORDED = ['v4-threshold-clients.pcap', 'v4-mixed-growth.pcap', 'v4-mixed-growth.pcapng'].concat([
  'v4-one-connection-ndr64.pcap',
  'v4-refused.pcap',
  'v5.pcap',
  'v6.pcap',
]);

const known = new Map<string, Promise<TsharkCall[]>>();

/** What tshark finds in a capture of the corpus, asked once: starting it takes a quarter of a second. */
function theirCalls(file: string): Promise<TsharkCall[]> {
  const calls = known.get(file) ?? tsharkCalls(file);
  known.set(file, calls);
  return calls;
}

type Call = Pick<TsharkCall, 'stream' | 'callId' | 'answered'>;

const callOf = ({ stream, callId, answered }: Call): Call => ({ stream, callId, answered });

async function exchangesOf(file: string): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  for await (const exchange of readExchanges(file)) exchanges.push(exchange);
  return exchanges;
}

const ourCalls = (exchanges: readonly Exchange[]): Call[] =>
  exchanges.map(({ connection, callId, answer }) => ({
    stream: connection,
    callId,
    answered: answer !== null,
  }));

/** What an answer's stub must hold: the message, or the HRESULT as it stands on the wire. */
function answerOctets({ answer }: Exchange): Uint8Array {
  switch (answer?.kind) {
    case 'response':
    case 'sealed':
    case 'malformed':
      return answer.bytes;
    case 'refusal': {
      const octets = Buffer.alloc(4);
      octets.writeUInt32LE(answer.hresult);
      return octets;
    }
    case 'fault':
    case undefined:
      return new Uint8Array(0);
  }
}

/** The same calls, in the same order, with the same messages in them. */
function expectSame(ours: readonly Exchange[], theirs: readonly TsharkCall[]): void {
  expect(ourCalls(ours)).to.deep.equal(theirs.map(callOf));
  for (const [i, exchange] of ours.entries()) {
    const { requestStubs, answerStubs } = theirs[i]!;
    const holds = (stubs: readonly string[], octets: Uint8Array): boolean =>
      stubs.some((stub) => stub.includes(Buffer.from(octets).toString('hex')));
    expect(holds(requestStubs, exchange.request.bytes), `the message of request ${i}`).to.equal(true);
    if (exchange.answer !== null)
      expect(holds(answerStubs, answerOctets(exchange)), `what answer ${i} holds`).to.equal(true);
  }
}

describe('tshark finds the same exchanges', function () {
  this.timeout(60_000);

  for (const name of RECORDED) {
    it(name, async () => {
      const file = path.join(CORPUS, name);
      expectSame(await exchangesOf(file), await theirCalls(file));
    });
  }

  for (const { file: name, tshark } of FIELD) {
    it(tshark === undefined ? name : `${name}, but for what is known: ${tshark.reason}`, async () => {
      const file = path.join(CORPUS, 'field', name);
      const [ours, theirs] = [await exchangesOf(file), await theirCalls(file)];
      if (tshark === undefined) {
        expectSame(ours, theirs);
      } else {
        expect(theirs).to.have.length(tshark.exchanges);
        expect(theirs.filter(({ answered }) => answered)).to.have.length(tshark.answered);
        expect(ourCalls(ours), 'the difference is gone: take it out of the manifest').to.not.deep.equal(
          theirs.map(callOf),
        );
      }
    });
  }
});

describe('tshark has nothing against anonymised captures', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'kmsspec-'));
  after(() => rmSync(folder, { recursive: true }));
  // Where everything was cut nothing is left, and where bytes are missing in the input their place is blank.
  const whole = FIELD.filter(
    ({ tshark, warnings, refused }) => (tshark ?? warnings ?? refused) === undefined,
  );

  for (const name of [...RECORDED, ...whole.map(({ file }) => path.join('field', file))]) {
    it(name, async () => {
      const input = path.join(CORPUS, name);
      const output = path.join(folder, path.basename(name).replace(/\.gz$/, ''));
      await anonymise(input, output, { secret: '1' });
      const before = (await theirCalls(input)).map(({ callId, answered }) => ({ callId, answered }));
      const after = (await tsharkCalls(output)).map(({ callId, answered }) => ({ callId, answered }));
      expect(after).to.deep.equal(before);
      expect(await badFrames(output)).to.deep.equal([]);
    });
  }
});
