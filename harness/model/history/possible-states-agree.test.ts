import { expect } from 'chai';
import fc from 'fast-check';
import { CountingModel } from '../counting-model';
import { PossibleStates } from '../possible-states';
import { DEFAULT_PROFILE } from '../profile';
import { StepHistory } from './step-history';

const DAY_MS = 86_400_000;

/** Requests at the same time, in the order in which the host takes them, and how many days pass before the next. */
const burst = fc.record({
  requests: fc.array(
    fc
      .record({ name: fc.constantFrom(...'abcdefgh'), requiredClientCount: fc.constantFrom(1, 1, 2, 3) })
      .map(({ name, requiredClientCount }) => ({
        applicationId: 'windows',
        clientMachineId: name,
        requiredClientCount,
        isVirtualMachine: false,
      })),
    { minLength: 1, maxLength: 5 },
  ),
  days: fc.constantFrom(0, 0, 0, 16, 31),
});

interface Change {
  readonly step: number;
  readonly at: number;
  readonly by: 1 | -1;
}

/** The step at which each of the two finds that no order gives the counts; -1 for none. */
function firstRefused(
  bursts: readonly (typeof burst extends fc.Arbitrary<infer T> ? T : never)[],
  change: Change | null,
): readonly [states: number, history: number] {
  let nowMs = 0;
  const model = new CountingModel(DEFAULT_PROFILE);
  const states = new PossibleStates(DEFAULT_PROFILE, () => nowMs);
  states.reset();
  const history = new StepHistory();
  const refused: [number, number] = [-1, -1];
  for (const [step, { requests, days }] of bursts.entries()) {
    const counts = requests.map((request) => model.grant(request, nowMs));
    if (change !== null && step === change.step % bursts.length)
      counts[change.at % counts.length]! += change.by;
    const grants = requests.map((request, i) => ({ request, count: counts[i]! }));
    if (refused[0] < 0 && states.grantedTogether(grants) !== null) refused[0] = step;
    if (refused[1] < 0 && history.together(requests, counts).some((each) => each !== null)) refused[1] = step;
    nowMs += days * DAY_MS;
    if (days > 0) history.control('advance', days * DAY_MS);
  }
  return refused;
}

describe('what a host may hold behind bursts, and the order that their history must have', () => {
  const bursts = fc.array(burst, { minLength: 1, maxLength: 6 });

  it('refuse nothing that a conforming host answers', () => {
    fc.assert(
      fc.property(bursts, (all) => {
        expect(firstRefused(all, null)).to.deep.equal([-1, -1]);
      }),
      { numRuns: 500 },
    );
  });

  it('find the same answers wrong', () => {
    let [looked, differ] = [0, 0];
    const change = fc.record({
      step: fc.nat(5),
      at: fc.nat(4),
      by: fc.constantFrom(1 as const, -1 as const),
    });
    fc.assert(
      fc.property(bursts, change, (all, changed) => {
        const [states, history] = firstRefused(all, changed);
        if (states < 0 && history < 0) return;
        looked++;
        if (states !== history) differ++;
      }),
      { numRuns: 1000 },
    );
    expect(looked).to.be.greaterThan(500);
    expect(differ / looked, `${differ} of ${looked}`).to.be.lessThan(0.02);
  });
});
