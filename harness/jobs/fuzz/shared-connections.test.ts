import { expect } from 'chai';
import type { FaultName } from '../../lab-host';
import { Random } from '../../support/random';
import { openTarget } from '../../target';
import { replayFinding } from './findings/replay-finding';
import { openFuzzLab, runUntilFound } from './testing/fuzz-lab';

const LIMIT = 6000;
const TRIES = 10;

/** What each shows after something else went wrong on the same association: no case of one call does alone. */
const FAULTS: readonly (readonly [FaultName, string])[] = [
  ['counts-twice-after-fault', 'count'],
  ['refuses-after-bad-stub', 'conforms'],
  ['counts-less-after-refusal', 'count'],
];

describe('what a host remembers of a connection that several cases shared', () => {
  for (const [fault, oracle] of FAULTS) {
    it(`${fault}: found by single calls, and shown again ${TRIES} times of ${TRIES}`, async function () {
      this.timeout(60_000);
      const lab = await openFuzzLab({ faults: [fault], levels: ['message', 'stub', 'pdu'] });
      try {
        const cases = await runUntilFound(lab, oracle, LIMIT);
        expect(cases, `not found within ${LIMIT} cases`).to.not.equal(null);
        const finding = lab.findings.find((one) => one.oracle === oracle && one.reproduced)!;
        expect(finding.cases).to.have.length(1);
        expect(finding.requests).to.be.at.most(3);
        const other = await openTarget({ lab: { faults: [fault], seed: 7 } });
        try {
          const asked = { timeoutMs: 1500, random: new Random(3), attempts: TRIES };
          const again = await replayFinding(finding, other, asked);
          expect(again).to.include({ state: 'still-failing', failures: TRIES });
        } finally {
          await other.close();
        }
      } finally {
        await lab.close();
      }
    });
  }
});
