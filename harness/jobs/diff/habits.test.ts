import { expect } from 'chai';
import type { HabitName } from '../../lab-host';
import { diffLabs } from './testing/diff-lab';

/** What a comparison with the lab host tells of each habit first: what was sent last, and what either did. */
const TOLD: Readonly<Partial<Record<HabitName, readonly [sent: RegExp, told: RegExp]>>> = {
  'counts-unknown-applications-together': [/for another application$/, /^count: A: 1; B: 2;/],
  'counts-unknown-applications-as-windows': [
    /^machine 1 asks as a server$/,
    /^counters.currentCount: A: 0; B: 1;/,
  ],
  'refuses-unknown-applications': [
    /^machine 1 asks as a server$/,
    /^A: response with count 1; B: HRESULT 0xC004F042 /,
  ],
  'makes-10-places-for-policy-0': [/requiredClientCount is 0 \(/, /^count: A: 2; B: 3;/],
  'makes-50-places-for-policy-0': [/requiredClientCount is 0 \(/, /^count: A: 2; B: 3;/],
  'grants-policies-over-1000': [
    /requiredClientCount is 1001 \(/,
    /^A: HRESULT 0x8007000D invalid data; B: response with count 1;/,
  ],
  'names-the-context-in-faults': [/opnum is 1$/, /^alloc_hint of the fault: A: 32; B: 0;/],
};

describe('a good host with a habit, beside the lab host', function () {
  this.timeout(90_000);

  for (const [habit, [sent, told]] of Object.entries(TOLD)) {
    it(`is told by what it does otherwise, and accused of nothing: ${habit}`, async () => {
      const plan = { milliseconds: 60_000, stopOnDifference: true };
      const { sections } = await diffLabs({}, { habits: [habit as HabitName] }, plan);
      const [finding] = sections.findings;
      expect(finding?.sent?.at(-1)).to.match(sent);
      expect(finding!.message).to.match(told);
      expect(finding!.message).to.match(/no clause settles which is right$/);
      expect(finding).to.not.have.property('requirement');
    });
  }
});
