import { expect } from 'chai';
import { type HabitName, HABITS } from '../../lab-host';
import { diffLabs } from './testing/diff-lab';

const OF_APPLICATIONS = /; no clause says what a host makes of applications that it does not know$/;
const UNSETTLED = /; no clause settles which is right$/;

interface Told {
  /** What was sent last. */
  readonly sent: RegExp;
  readonly told: RegExp;
  readonly end?: RegExp;
}

/** What a comparison with the lab host tells of each habit first. */
const TOLD: Readonly<Partial<Record<HabitName, Told>>> = {
  'counts-unknown-applications-together': {
    sent: /for another application$/,
    told: /^count: A: 1; B: 2;/,
    end: OF_APPLICATIONS,
  },
  'counts-unknown-applications-as-windows': {
    sent: /^machine 1 asks as a server$/,
    told: /^counters.currentCount: A: 0; B: 1;/,
    end: OF_APPLICATIONS,
  },
  'refuses-unknown-applications': {
    sent: /^machine 1 asks as a server$/,
    told: /^A: response with count 1; B: HRESULT 0xC004F042 /,
    end: OF_APPLICATIONS,
  },
  'grants-long-messages': {
    sent: /a request message of 253 bytes, one more than 252$/,
    told: /^A: HRESULT 0x8007000D invalid data; B: response with count 1;/,
  },
  'makes-10-places-for-policy-0': {
    sent: /requiredClientCount is 0 \(/,
    told: /^count: A: 2; B: 3; where more ask, up to A: 2; B: 10;/,
  },
  'makes-50-places-for-policy-0': {
    sent: /requiredClientCount is 0 \(/,
    told: /^count: A: 2; B: 3; where more ask, up to A: 2; B: 50;/,
  },
  'grants-policies-over-1000': {
    sent: /requiredClientCount is 1001 \(/,
    told: /^A: HRESULT 0x8007000D invalid data; B: response with count 1;/,
  },
  'returns-the-whole-context': {
    sent: /^3 PDUs, 356 bytes beginning 05000b13/,
    told: /^context of the response: A: 255; B: 65535;/,
  },
  'names-the-context-in-faults': { sent: /opnum is 1$/, told: /^alloc_hint of the fault: A: 32; B: 0;/ },
};

/** How long they take is told with `--timing`, and is no difference. */
const OF_TIME: Readonly<Partial<Record<HabitName, RegExp>>> = {
  'takes-20-ms': /^response: A takes \d+\.\d ms, B [2-9]\d\.\d ms \(median\)$/,
  'takes-20-ms-one-at-a-time': /^response: A takes \d+\.\d ms, B [2-9]\d\.\d ms \(median\)$/,
  'takes-1-s-one-at-a-time': /^response: A takes \d+\.\d ms, B 1\d{3}\.\d ms \(median\)$/,
};

/** The lab host has it, as Windows does. */
const OF_THE_LAB_HOST: readonly HabitName[] = ['names-context-0-in-faults'];

describe('a good host with a habit, beside the lab host', function () {
  this.timeout(120_000);

  it('has one of the habits that are looked at here', () => {
    const looked = [...Object.keys(TOLD), ...Object.keys(OF_TIME), ...OF_THE_LAB_HOST];
    expect(looked.sort()).to.deep.equal(HABITS.map(({ name }) => name).sort());
  });

  for (const [habit, { sent, told, end = UNSETTLED }] of Object.entries(TOLD)) {
    it(`is told by what it does otherwise, and accused of nothing: ${habit}`, async () => {
      const plan = { milliseconds: 90_000, stopOnDifference: true };
      const { sections } = await diffLabs({}, { habits: [habit as HabitName] }, plan);
      const [finding] = sections.findings;
      expect(finding?.sent?.at(-1)).to.match(sent);
      expect(finding!.message).to.match(told);
      expect(finding!.message).to.match(end);
      expect(finding).to.not.have.property('requirement');
    });
  }

  for (const [habit, told] of Object.entries(OF_TIME)) {
    it(`is told by how long it takes, and accused of nothing: ${habit}`, async () => {
      const isSlow = habit === 'takes-1-s-one-at-a-time';
      const plan = { milliseconds: isSlow ? 45_000 : 6000, timeoutMs: 15_000, timing: true };
      const { sections, warnings } = await diffLabs({}, { habits: [habit as HabitName] }, plan);
      expect(sections.findings).to.deep.equal([]);
      expect(warnings?.find((note) => note.startsWith('response: '))).to.match(told);
    });
  }

  for (const habit of OF_THE_LAB_HOST) {
    it(`is none to tell of: ${habit}`, async () => {
      const { sections } = await diffLabs({}, { habits: [habit] }, { milliseconds: 8000 });
      expect(sections.findings).to.deep.equal([]);
    });
  }
});
