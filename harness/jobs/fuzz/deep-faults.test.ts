import { expect } from 'chai';
import { caseToJson } from '../../cases/case';
import { goodKmsRequest } from '../../cases/conduct/probe';
import { replayFinding } from './findings/replay-finding';
import { openFuzzLab, runUntilFound } from './testing/fuzz-lab';
import type { Oracle } from '../../cases/judge/violation';
import { FAULTS } from '../../lab-host';
import { Random } from '../../support/random';
import { openTarget } from '../../target';

const LIMIT = 20_000;
const TRIES = 10;

/** What the lab host's table calls the oracles. */
const ORACLE: Readonly<Record<string, Oracle>> = {
  alive: 'alive',
  time: 'in-time',
  count: 'count',
  conforms: 'conforms',
  leak: 'leak',
  release: 'released',
};

/** Every one of them takes no more than this. */
const MOST_REQUESTS = 3;

/** Each try of these takes as long as the deadline. */
const isAboutTime = (oracle: Oracle): boolean => oracle === 'in-time' || oracle === 'released';

const deep = FAULTS.filter((fault) => fault.deep !== undefined);

describe('faults that no default sequence reaches at once', () => {
  it('are at least 20, of every oracle', () => {
    expect(deep.length).to.be.at.least(20);
    expect(new Set(deep.map((fault) => ORACLE[fault.deep!]))).to.have.property('size', 6);
  });

  for (const fault of deep) {
    const name = fault.name;
    it(`${name}: found, shrunk, shown again ${TRIES} times of ${TRIES}, and fixed on a good host`, async function () {
      this.timeout(60_000);
      const oracle = ORACLE[fault.deep!]!;
      const deadlines = isAboutTime(oracle) ? { timeoutMs: 300, shrinkTimeoutMs: 120 } : {};
      const lab = await openFuzzLab({ faults: [name], ...deadlines });
      try {
        const cases = await runUntilFound(lab, oracle, LIMIT);
        expect(cases, `not found within ${LIMIT} cases`).to.not.equal(null);
        const finding = lab.findings.find((one) => one.oracle === oracle && one.reproduced)!;
        const json = JSON.stringify(finding.cases.map(caseToJson));
        expect(finding.requests, json).to.be.at.most(MOST_REQUESTS);

        // A host in another state: it has met other machines, and its cache is half full.
        const other = await openTarget({ lab: { faults: [name], seed: 7 } });
        const good = await openTarget({});
        try {
          const client = other.client();
          for (let i = 0; i < 30; i++) {
            const { requestTime } = lab.context.capabilities;
            const machine = new Random(i).guid();
            await client.activate(
              goodKmsRequest('55c92734-d682-4d71-983e-d6ec3f16059f', machine, requestTime),
            );
          }
          const timeoutMs = isAboutTime(oracle) ? 120 : 1500;
          const again = await replayFinding(finding, other, {
            timeoutMs,
            random: new Random(3),
            attempts: TRIES,
          });
          expect(again).to.include({ state: 'still-failing', failures: TRIES });
          const fixed = await replayFinding(finding, good, {
            timeoutMs: 1500,
            random: new Random(3),
            attempts: TRIES,
          });
          expect(fixed).to.include({ state: 'fixed', failures: 0 });
        } finally {
          await other.close();
          await good.close();
        }
      } finally {
        await lab.close();
      }
    });
  }
});
