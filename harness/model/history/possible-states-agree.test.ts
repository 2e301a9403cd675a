import { expect } from 'chai';
import fc from 'fast-check';
import { type CountedRequest, CountingModel } from '../counting-model';
import { PossibleStates } from '../possible-states';
import { DEFAULT_PROFILE } from '../profile';
import { StepHistory } from './step-history';

const DAY_MS = 86_400_000;

/** Requests at the same time, in the order in which the host takes them, and how many days pass before the next. */
interface Burst {
  readonly requests: readonly CountedRequest[];
  readonly days: number;
}

const burst: fc.Arbitrary<Burst> = fc.record({
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
  bursts: readonly Burst[],
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

  it('refuse nothing where a cache is filled by one of many, grows, and shows who is left', () => {
    const machine = (requiredClientCount: number) => (name: number) => ({
      ...{ applicationId: 'windows', isVirtualMachine: false, requiredClientCount },
      clientMachineId: `m${name}`,
    });
    const filling = fc
      .uniqueArray(fc.nat(45), { minLength: 24, maxLength: 40, size: 'max' })
      .map((names) => ({ requests: names.map(machine(3)), days: 0 }));
    const one = fc.record({ name: fc.nat(45), policy: fc.constantFrom(3, 3, 5) }).map(({ name, policy }) => ({
      requests: [machine(policy)(name)],
      days: 0,
    }));
    fc.assert(
      fc.property(filling, fc.array(one, { minLength: 4, maxLength: 12 }), (first, then) => {
        expect(firstRefused([first, ...then], null)).to.deep.equal([-1, -1]);
        // The last of a full cache is the first that a count beyond it is wrong of.
        expect(firstRefused([first, ...then], { step: 0, at: 3, by: -1 })).to.deep.equal([0, 0]);
      }),
      { numRuns: 200 },
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
