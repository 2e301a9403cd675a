import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { attemptRow, attemptToJson, CaptureError, csvAttempt, nothingHere, trafficToJson } from './index';
import { PcapGuard } from './file/pcap-guard';
import { readPcapHeader } from './file/pcap-header';
import { ParserRecords } from './file/pcap-records';
import { ExchangeAssembler } from './read-exchanges';
import { WarningLog } from './warnings';
import { FIELD } from './testing/field-expectations';
import { mutate, mutations } from './testing/mutate';
import { readBytes } from './testing/packets';
import { CORPUS } from './testing/recorded';

const SEED = 20_261_121;
/** All formats, through streams and promises; and classic pcap through the same code without them, which is quicker. */
const WHOLE_WAY = 4_000;
const DIRECT = 16_000;
/** Processor time, so that what else the machine does is not counted: a capture takes a millisecond. */
const SLOWEST_MS = 2_000;

const FILES: ReadonlyMap<string, Buffer> = new Map(
  FIELD.map(({ file }) => [file, readFileSync(path.join(CORPUS, 'field', file))] as const).filter(
    ([, bytes]) => bytes.length < 6_000,
  ),
);
const CLASSIC = [...FILES].filter(
  ([file, bytes]) => file.endsWith('.pcap') && readPcapHeader(bytes, file).lengthsSwapped === 'no',
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
  tellAll(assembler, log);
  return exchanges + assembler.take().length;
}

/** What is told of attempts and of the rest must not fail either, whatever stands in the packets. */
function tellAll(assembler: ExchangeAssembler, log: WarningLog): void {
  for (const attempt of assembler.takeAttempts()) {
    const told = [attemptRow(attempt), csvAttempt(attempt), JSON.stringify(attemptToJson(attempt))];
    for (const text of told)
      if (/[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f]/.test(text))
        throw new Error(`control characters: ${text}`);
  }
  nothingHere(log.list.length, assembler.traffic);
  JSON.stringify(trafficToJson(assembler.traffic));
}

function expectQuick(before: NodeJS.CpuUsage): void {
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000, 'milliseconds for one capture').to.be.below(SLOWEST_MS);
}

describe(`mutated captures (seed ${SEED})`, function () {
  this.timeout(60_000);

  it(`${WHOLE_WAY} of all formats give exchanges, warnings or a CaptureError, nothing else`, async () => {
    let read = 0;
    let refused = 0;
    const files = fc.constantFrom(...FILES.keys());
    const property = fc.asyncProperty(files, mutations, async (file, damage) => {
      const before = process.cpuUsage();
      try {
        read += (await readBytes(mutate(FILES.get(file)!, damage))).exchanges.length;
      } catch (error) {
        if (!(error instanceof CaptureError)) throw error;
        refused++;
      }
      expectQuick(before);
    });
    await fc.assert(property, { seed: SEED, numRuns: WHOLE_WAY });
    // Neither all broken nor all untouched: the mutations reach what they are to test.
    expect(read).to.be.greaterThan(WHOLE_WAY / 4);
    expect(refused).to.be.within(10, WHOLE_WAY / 2);
  });

  it(`${DIRECT} with damaged packets give exchanges or warnings, nothing else`, () => {
    let read = 0;
    const files = fc.constantFrom(...CLASSIC.map(([file]) => file));
    const property = fc.property(files, mutations, (name, damage) => {
      const file = FILES.get(name)!;
      const before = process.cpuUsage();
      read += readDirectly(Buffer.concat([file.subarray(0, 24), mutate(file.subarray(24), damage)]));
      expectQuick(before);
    });
    fc.assert(property, { seed: SEED + 1, numRuns: DIRECT });
    expect(read).to.be.greaterThan(DIRECT / 4);
  });
});
