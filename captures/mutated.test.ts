import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { CaptureError } from './index';
import { PcapGuard } from './file/pcap-guard';
import { readPcapHeader } from './file/pcap-header';
import { ParserRecords } from './file/pcap-records';
import { ExchangeAssembler } from './read-exchanges';
import { WarningLog } from './warnings';
import { FIELD } from './testing/field-expectations';
import { mutate, seededRandom } from './testing/mutate';
import { readBytes } from './testing/packets';
import { CORPUS } from './testing/recorded';

const SEED = 20_261_121;
/** All formats, through streams and promises; and classic pcap through the same code without them, which is quicker. */
const WHOLE_WAY = 4_000;
const DIRECT = 16_000;
const SLOWEST_MS = 2_000;

const load = (file: string): Buffer => readFileSync(path.join(CORPUS, 'field', file));
const small = FIELD.map(({ file }) => file).filter((file) => load(file).length < 4_000);
const direct = small.filter(
  (file) => file.endsWith('.pcap') && readPcapHeader(load(file), file).lengthsSwapped === 'no',
);

/** Damages the packets of a pcap, not its header, and reads it without a stream. */
function readDirectly(file: Buffer): number {
  const log = new WarningLog();
  const header = readPcapHeader(file, 'mutated');
  const guard = new PcapGuard(header, new ParserRecords(header), log);
  const assembler = new ExchangeAssembler(log, {});
  let exchanges = 0;
  for (const part of [file.subarray(24, 1000), file.subarray(1000)]) {
    assembler.push(guard.push(part));
    exchanges += assembler.take().length;
  }
  guard.finish();
  assembler.finish();
  return exchanges + assembler.take().length;
}

describe(`mutated captures (seed ${SEED})`, function () {
  this.timeout(60_000);

  it(`${WHOLE_WAY} of all formats give exchanges, warnings or a CaptureError, nothing else`, async () => {
    const random = seededRandom(SEED);
    const files = small.map(load);
    let read = 0;
    let refused = 0;
    for (let i = 0; i < WHOLE_WAY; i++) {
      const bytes = mutate(files[i % files.length]!, random);
      const before = performance.now();
      try {
        read += (await readBytes(bytes)).exchanges.length;
      } catch (error) {
        if (!(error instanceof CaptureError))
          throw new Error(`mutation ${i} of ${small[i % small.length]}`, { cause: error });
        refused++;
      }
      expect(performance.now() - before, `mutation ${i}`).to.be.below(SLOWEST_MS);
    }
    // Neither all broken nor all untouched: the mutations reach what they are to test.
    expect(read).to.be.greaterThan(WHOLE_WAY / 4);
    expect(refused).to.be.within(10, WHOLE_WAY / 2);
  });

  it(`${DIRECT} with damaged packets give exchanges or warnings, nothing else`, () => {
    const random = seededRandom(SEED + 1);
    const files = direct.map(load);
    let read = 0;
    for (let i = 0; i < DIRECT; i++) {
      const file = files[i % files.length]!;
      const bytes = Buffer.concat([file.subarray(0, 24), mutate(file.subarray(24), random)]);
      const before = performance.now();
      try {
        read += readDirectly(bytes);
      } catch (error) {
        throw new Error(`mutation ${i} of ${direct[i % direct.length]}`, { cause: error });
      }
      expect(performance.now() - before, `mutation ${i}`).to.be.below(SLOWEST_MS);
    }
    expect(read).to.be.greaterThan(DIRECT / 4);
  });
});
