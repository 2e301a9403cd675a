import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boundedRun } from '../testing/bounded-run';
import { LARGE_INPUTS, LARGEST, MOST_CPU_SECONDS, MOST_MB, nameOf, placeInput } from '../testing/large';

/** Those that took gigabytes or minutes once; `npm run bounds` tries them all. */
const WORST = [
  'a report to report: numbers for results',
  'a report to compare: empty objects for results',
  'a history: lists in lists for events',
  'a configuration: unknown keys',
  'a configuration: anchors and aliases',
  'a report to matrix: points of a trajectory',
  'an event log: a JSON object of many keys',
  'an event log: XML attributes',
  'a capture to inspect: one fragment again and again',
  'a capture to inspect: segments out of order',
  'a capture to anonymise: connections that begin a PDU',
];

/** Seconds are for `npm run bounds` to measure, on a machine that has nothing else to do: here what took minutes is told from what takes seconds. */
const CPU_SECONDS = 3 * MOST_CPU_SECONDS;

describe('what an input of 19.5 MB takes', function () {
  this.timeout(120_000);
  let cwd: string;
  beforeEach(() => (cwd = mkdtempSync(join(tmpdir(), 'kmsspec-bounds-'))));
  afterEach(() => rmSync(cwd, { recursive: true }));

  for (const name of WORST) {
    it(`is bounded: ${name}`, async () => {
      const input = LARGE_INPUTS.find((one) => nameOf(one) === name)!;
      const taken = await boundedRun(placeInput(input, LARGEST, cwd), { cwd, cpuSeconds: CPU_SECONDS });
      expect(taken.exitCode, `${taken.cpuSeconds} s: ${taken.stderr}`).to.be.oneOf([0, 2, 4]);
      expect(taken.peakMb).to.be.lessThan(MOST_MB);
    });
  }
});
