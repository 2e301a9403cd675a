import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemorySink } from '../write/byte-sink';
import { copiesOf } from '../testing/copies';
import { CORPUS } from '../testing/recorded';
import { anonymise } from './anonymise';

describe('anonymising a capture that does not fit into memory', () => {
  let folder: string;
  let large: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-planner-'));
    large = join(folder, 'large.pcap');
    writeFileSync(large, copiesOf(readFileSync(join(CORPUS, 'v4-mixed-growth.pcap')), 60));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('gives the same octets however little is read ahead', async () => {
    const [much, little] = [new MemorySink(), new MemorySink()];
    const report = await anonymise(large, much, { secret: '1' });
    expect(await anonymise(large, little, { secret: '1', mostHeld: 1 })).to.deep.equal(report);
    expect(report.requests).to.equal(60 * 65);
    expect(little.bytes.equals(much.bytes)).to.equal(true);
  });

  it('leaves no file where the first reading finds no capture', async () => {
    const output = join(folder, 'out.pcap');
    const cut = join(folder, 'cut.pcap');
    writeFileSync(cut, readFileSync(large).subarray(0, 20));
    const failure = await anonymise(cut, output, { secret: '1' }).catch((error: unknown) => error);
    expect(failure).to.have.property('name', 'CaptureError');
    expect(() => readFileSync(output)).to.throw(/ENOENT/);
  });
});
