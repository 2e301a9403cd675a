import path from 'node:path';
import { expect } from 'chai';
import { readExchanges } from './index';
import { FIELD } from './testing/field-expectations';
import { CORPUS } from './testing/recorded';
import { type TsharkCall, tsharkCalls } from './testing/tshark';

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
