import path from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { anonymise, CaptureError, MemorySink, readExchanges } from '../index';
import { answerOf } from '../testing/packets';
import { FIELD } from '../testing/field-expectations';
import { LAYER_FIELD } from '../testing/layer-expectations';
import { CORPUS } from '../testing/recorded';

const NAMES = ['en0', 'example-process', 'rule of example.test', 'LAB-CLIENT'];

async function rewritten(file: string): Promise<Buffer> {
  const sink = new MemorySink();
  await anonymise(path.join(CORPUS, 'field', file), sink, { secret: '7' });
  return sink.bytes;
}

async function refusal(file: string): Promise<CaptureError> {
  try {
    await rewritten(file);
  } catch (error) {
    if (error instanceof CaptureError) return error;
    throw error;
  }
  throw new Error(`${file} was not refused`);
}

describe('anonymising what is inside of other headers', () => {
  for (const { file, answers, refused } of LAYER_FIELD) {
    if (refused !== undefined) continue;
    it(`${file} yields the same answers, and no name or address of before`, async () => {
      const bytes = await rewritten(file);
      const found: string[] = [];
      for await (const exchange of readExchanges(Readable.from([bytes]))) {
        found.push(answerOf(exchange));
        expect(exchange.client).to.not.match(/^192\.0\.2\.10:|^\[2001:db8::10\]:/);
      }
      expect(found).to.deep.equal(answers);
      for (const name of NAMES) expect(bytes.includes(name), name).to.equal(false);
      // The tunnel's ends, the inner ends, and the cards of both.
      for (const address of ['c0000201', 'c000020a', '0200000000010800', '0200000000020200'])
        expect(bytes.includes(Buffer.from(address, 'hex')), address).to.equal(false);
    });
  }

  it('is refused where the datagram around is in fragments, with the offset of the packet', async () => {
    const { code, offset, message } = await refusal('layer-vxlan-outer-fragments.pcap');
    expect(code).to.equal('unsupported');
    expect(offset).to.be.greaterThan(24);
    expect(message).to.contain('record it outside of that tunnel');
  });

  for (const { file, refused } of FIELD) {
    if (refused === undefined) continue;
    it(`${file} is refused, and no empty capture is written`, async () => {
      expect((await refusal(file)).code).to.equal(refused);
    });
  }
});
