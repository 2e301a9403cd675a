import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
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

async function ourCalls(file: string): Promise<TsharkCall[]> {
  const calls: TsharkCall[] = [];
  for await (const { connection, callId, answer } of readExchanges(file)) {
    calls.push({ stream: connection, callId, answered: answer !== null });
  }
  return calls;
}

describe('tshark finds the same exchanges', function () {
  this.timeout(60_000);

  for (const name of RECORDED) {
    it(name, async () => {
      const file = path.join(CORPUS, name);
      expect(await ourCalls(file)).to.deep.equal(await tsharkCalls(file));
    });
  }

  for (const { file: name, tshark } of FIELD) {
    it(tshark === undefined ? name : `${name}, but for what is known: ${tshark.reason}`, async () => {
      const file = path.join(CORPUS, 'field', name);
      const [ours, theirs] = [await ourCalls(file), await tsharkCalls(file)];
      if (tshark === undefined) {
        expect(ours).to.deep.equal(theirs);
      } else {
        expect(theirs).to.have.length(tshark.exchanges);
        expect(theirs.filter(({ answered }) => answered)).to.have.length(tshark.answered);
        expect(ours, 'the difference is gone: take it out of the manifest').to.not.deep.equal(theirs);
      }
    });
  }
});

describe('tshark has nothing against anonymised captures', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'kmsspec-'));
  after(() => rmSync(folder, { recursive: true }));
  // Where everything was cut nothing is left, and where bytes are missing in the input their place is blank.
  const whole = FIELD.filter(({ tshark, warnings }) => tshark === undefined && warnings === undefined);

  for (const name of [...RECORDED, ...whole.map(({ file }) => path.join('field', file))]) {
    it(name, async () => {
      const input = path.join(CORPUS, name);
      const output = path.join(folder, path.basename(name).replace(/\.gz$/, ''));
      await anonymise(input, output, { seed: 1 });
      const before = (await tsharkCalls(input)).map(({ callId, answered }) => ({ callId, answered }));
      const after = (await tsharkCalls(output)).map(({ callId, answered }) => ({ callId, answered }));
      expect(after).to.deep.equal(before);
      expect(await badFrames(output)).to.deep.equal([]);
    });
  }
});
