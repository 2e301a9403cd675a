import { expect } from 'chai';
import fc from 'fast-check';
import { mutate, mutations } from '../../../captures/testing/mutate';
import { EventLogError } from './event-error';
import { parseEventLog } from './read-log';
import { MADE_LOGS, type MadeLog } from './testing/made-logs';
import { madeRequests } from './testing/made-requests';

const SEED = 20_261_121;
const EVTX = 8_000;
const OTHERS = 12_000;
/** Processor time, so that what else the machine does is not counted: a log of three events takes a millisecond. */
const SLOWEST_MS = 2_000;

const bytesOf = ({ write }: MadeLog): Buffer => Buffer.from(write(madeRequests(3)) as string);
const isEvtx = ({ name }: MadeLog): boolean => name.endsWith('.evtx');

/** What a chunk of 64 KB holds, without the zeros behind: damage there would mostly change nothing. */
function usedOf(evtx: Buffer): { header: Buffer; used: Buffer } {
  const chunk = evtx.subarray(4096);
  return { header: evtx.subarray(0, 4096), used: chunk.subarray(0, chunk.readUInt32LE(48) + 64) };
}

/** Reads a damaged log; the number of its events, or null where it is refused. */
function eventsIn(bytes: Uint8Array): number | null {
  const before = process.cpuUsage();
  let found: number | null = null;
  try {
    const { events, warnings } = parseEventLog(bytes, 'mutant');
    for (const { clientMachineId, skuId, hresult, bindingExpirationMinutes } of events) {
      expect(clientMachineId).to.match(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(skuId).to.match(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(hresult).to.be.within(0, 0xffff_ffff);
      expect(bindingExpirationMinutes).to.be.within(0, 0xffff_ffff);
    }
    expect(new Set(warnings).size).to.equal(warnings.length);
    found = events.length;
  } catch (error) {
    if (!(error instanceof EventLogError)) throw error;
    expect(error.message).to.match(/^mutant/);
  }
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000, 'milliseconds for one log').to.be.below(SLOWEST_MS);
  return found;
}

describe(`mutated logs (seed ${SEED})`, function () {
  this.timeout(300_000);

  it(`${EVTX} .evtx give events, warnings or an EventLogError, nothing else`, () => {
    const files = MADE_LOGS.filter(isEvtx).map((log) => usedOf(bytesOf(log)));
    let read = 0;
    const property = fc.property(fc.nat(files.length - 1), mutations, (file, damage) => {
      const { header, used } = files[file]!;
      read += eventsIn(Buffer.concat([header, mutate(used, damage)])) ?? 0;
    });
    fc.assert(property, { seed: SEED, numRuns: EVTX });
    // Most damage costs a record or two, and no more.
    expect(read).to.be.greaterThan(EVTX);
  });

  it(`${OTHERS} of all other forms give events, warnings or an EventLogError, nothing else`, () => {
    const files = MADE_LOGS.filter((log) => !isEvtx(log)).map(bytesOf);
    let read = 0;
    let refused = 0;
    const property = fc.property(fc.nat(files.length - 1), mutations, (file, damage) => {
      const found = eventsIn(mutate(files[file]!, damage));
      if (found === null) refused++;
      else read += found;
    });
    fc.assert(property, { seed: SEED, numRuns: OTHERS });
    expect(read).to.be.greaterThan(OTHERS);
    expect(refused).to.be.greaterThan(0);
  });
});
