import { expect } from 'chai';
import fc from 'fast-check';
import { APPLICATIONS } from '../../protocol';
import { type CountedRequest, CountingModel } from './counting-model';
import { DEFAULT_PROFILE, PROFILES } from './profile';
import { PossibleStates } from './possible-states';

const DAY_MS = 24 * 60 * 60 * 1000;

const request = (clientMachineId: string, requiredClientCount = 25) => ({
  applicationId: APPLICATIONS.windows,
  clientMachineId,
  requiredClientCount,
  isVirtualMachine: false,
});

const counts = (states: PossibleStates): number[] =>
  [...(states.counts(APPLICATIONS.windows) ?? [])].sort((a, b) => a - b);

describe('the states', () => {
  it('knows nothing until it is told', () => {
    const states = new PossibleStates(DEFAULT_PROFILE, () => 0);
    expect(states.knows(APPLICATIONS.windows)).to.equal(false);
    expect(states.expected(request('a'))).to.equal(undefined);
  });

  it('does not judge more different counts at once than an order is looked for of, and knows nothing behind them', () => {
    const states = new PossibleStates(DEFAULT_PROFILE, () => 0);
    states.reset();
    const grants = Array.from({ length: 3000 }, (_, i) => ({
      request: request(`machine ${i}`),
      count: i + 1,
    }));
    expect(states.grantedTogether(grants)).to.equal(null);
    expect(states.knows(APPLICATIONS.windows)).to.equal(false);
  });

  it('expects of a host that was reset what the model counts, whatever is asked', () => {
    const asked = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.constantFrom(5, 25)), {
      maxLength: 150,
    });
    fc.assert(
      fc.property(asked, (requests) => {
        const states = new PossibleStates(DEFAULT_PROFILE, () => 0);
        const model = new CountingModel(DEFAULT_PROFILE);
        states.reset();
        for (const [machine, threshold] of requests) {
          const one = request(`machine ${machine}`, threshold);
          const expected = [...states.expected(one)!];
          const count = model.grant(one, 0);
          expect(expected).to.deep.equal([count]);
          states.granted(one, count);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('holds both open where a request may have been granted, until an answer tells', () => {
    const states = new PossibleStates(DEFAULT_PROFILE, () => 0);
    states.reset();
    states.granted(request('a'), 1);
    states.recordUncertain(request('b'));
    expect(counts(states)).to.deep.equal([1, 2]);
    expect([...states.expected(request('c'))!].sort()).to.deep.equal([2, 3]);
    states.granted(request('c'), 3);
    expect(counts(states)).to.deep.equal([3]);
  });

  it('does not split further over one that is known to be counted', () => {
    const states = new PossibleStates(DEFAULT_PROFILE, () => 0);
    states.reset();
    for (let i = 0; i < 500; i++) states.recordUncertain(request('the same'));
    expect(counts(states)).to.deep.equal([0, 1]);
  });

  it('forgets rather than keep states without end', () => {
    const states = new PossibleStates(DEFAULT_PROFILE, () => 0);
    states.reset();
    for (let i = 0; i < 20; i++) states.recordUncertain(request(`machine ${i}`));
    expect(states.knows(APPLICATIONS.windows)).to.equal(false);
  });

  it('takes a host as it is found: room is left open where the count may be at its capacity', () => {
    const states = new PossibleStates(DEFAULT_PROFILE, () => 0);
    states.granted(request('own'), 50);
    expect([...states.expected(request('own'))!]).to.deep.equal([50]);
    expect([...states.expected(request('new'))!].sort()).to.deep.equal([50, 51]);
    states.granted(request('new'), 50);
    expect([...states.expected(request('newer'))!]).to.deep.equal([50]);
  });

  it('accuses no good host whose state was lost sight of, whoever asks again', () => {
    const step = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({ machine: fc.integer({ min: 0, max: 40 }), policy: fc.constantFrom(5, 25) }),
      },
      { weight: 1, arbitrary: fc.constantFrom('forgotten', 'answers lost', 'at once') },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const states = new PossibleStates(DEFAULT_PROFILE, () => 0);
        const host = new CountingModel(DEFAULT_PROFILE);
        states.reset();
        for (const each of steps) {
          const known = [3, 8].map((machine) => request(`machine ${machine}`));
          if (each === 'forgotten') states.forget(APPLICATIONS.windows);
          else if (each === 'answers lost') for (const one of [...known, ...known]) states.recordPending(one);
          else if (each === 'at once') {
            const grants = known.map((one) => ({ request: one, count: host.grant(one, 0) }));
            expect(states.grantedTogether(grants)).to.equal(null);
          } else {
            const one = request(`machine ${each.machine}`, each.policy);
            expect(states.granted(one, host.grant(one, 0))).to.equal(null);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('accuses no good host that was found, where those that ask may have been there, until it was emptied', () => {
    const machines = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 60 });
    fc.assert(
      fc.property(machines, machines, (before, behind) => {
        const states = new PossibleStates(DEFAULT_PROFILE, () => 0, 'may be there');
        const host = new CountingModel(DEFAULT_PROFILE);
        for (const machine of before) host.grant(request(`machine ${machine}`), 0);
        for (const machine of behind) {
          const one = request(`machine ${machine}`);
          expect(states.granted(one, host.grant(one, 0))).to.equal(null);
        }
        states.reset();
        expect(states.granted(request('first'), 1)).to.equal(null);
        expect(states.granted(request('second'), 1), 'it is new').to.not.equal(null);
      }),
      { numRuns: 200 },
    );
  });

  it('accuses no good host of which requests are lost, that counts them or not, at once or later', () => {
    const step = fc.record({
      machine: fc.integer({ min: 0, max: 9 }),
      policy: fc.constantFrom(1, 5, 25),
      isVirtual: fc.boolean(),
      how: fc.constantFrom(
        'answered',
        'answered',
        'answered',
        'lost',
        'pending',
        'uncertain',
        'unseen',
        'forgotten',
        'together',
        'over',
      ),
      isCounted: fc.boolean(),
      /** Which of the requests that it has yet to come to it comes to then. */
      comesTo: fc.integer({ min: 0, max: 5 }),
    });
    const steps = fc.array(step, { maxLength: 60 });
    const profiles = fc.constantFrom(...Object.values(PROFILES));
    fc.assert(
      fc.property(steps, steps, profiles, fc.boolean(), (before, behind, profile, isFound) => {
        const states = new PossibleStates(profile, () => 0, isFound ? 'may be there' : 'are new');
        const host = new CountingModel(profile);
        const oneOf = ({ machine, policy, isVirtual }: (typeof before)[number]): CountedRequest => ({
          ...request(`machine ${machine}`, policy),
          isVirtualMachine: isVirtual,
        });
        if (isFound) for (const each of before) host.grant(oneOf(each), 0);
        else states.reset();
        const late: CountedRequest[] = [];
        const never: CountedRequest[] = [];
        for (const [i, each] of behind.entries()) {
          const one = oneOf(each);
          if (each.how === 'answered') expect(states.granted(one, host.grant(one, 0))).to.equal(null);
          else if (each.how === 'forgotten') states.forget();
          else if (each.how === 'together') {
            const next = behind[i + 1];
            const both = next === undefined ? [one] : [one, oneOf(next)];
            const grants = both.map((other) => ({ request: other, count: host.grant(other, 0) }));
            expect(states.grantedTogether(each.isCounted ? grants : grants.reverse())).to.equal(null);
          } else if (each.how === 'over') {
            const over = late.shift() ?? never.shift();
            if (over === undefined) continue;
            if (each.isCounted) host.grant(over, 0);
            states.recordOver(over);
          } else if (each.how === 'unseen') {
            states.grantedUnseen(one);
            host.grant(one, 0);
          } else {
            if (each.how === 'uncertain') states.recordUncertain(one);
            else states.recordPending(one);
            if (each.how === 'pending') late.push(one);
            else {
              if (each.isCounted) host.grant(one, 0);
              if (each.how === 'lost' && !each.isCounted) never.push(one);
            }
          }
          // Whatever is known by then.
          for (const done of late.splice(each.comesTo, 1)) host.grant(done, 0);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('still accuses one that forgets a machine behind that', () => {
    const states = new PossibleStates(DEFAULT_PROFILE, () => 0);
    states.reset();
    for (const [i, machine] of ['a', 'b', 'c'].entries()) states.granted(request(machine), i + 1);
    states.forget();
    expect(states.granted(request('d'), 4)).to.equal(null);
    expect(states.granted(request('a'), 4), 'it was there').to.equal(null);
    expect(states.granted(request('a'), 5), 'and is still').to.not.equal(null);
    expect(states.granted(request('e'), 5), 'a new one is none of those').to.not.equal(null);
  });

  it('takes an answer that no state agrees with as found anew', () => {
    const states = new PossibleStates(DEFAULT_PROFILE, () => 0);
    states.reset();
    states.granted(request('a'), 7);
    expect(counts(states)).to.deep.equal([7]);
    expect([...states.expected(request('a'))!]).to.deep.equal([7]);
  });

  it('drops what has expired', () => {
    let now = 0;
    const states = new PossibleStates(DEFAULT_PROFILE, () => now);
    states.reset();
    states.granted(request('a'), 1);
    now += 31 * DAY_MS;
    expect(counts(states)).to.deep.equal([0]);
  });

  it('says what would have been right, and goes on with that or with the host', () => {
    const [model, host] = [0, 1].map(() => {
      const states = new PossibleStates(DEFAULT_PROFILE, () => 0);
      states.reset();
      return states;
    }) as [PossibleStates, PossibleStates];
    expect(model.granted(request('a'), 2, 'believe-model')).to.deep.equal(new Set([1]));
    expect(host.granted(request('a'), 2)).to.deep.equal(new Set([1]));
    expect([counts(model), counts(host)]).to.deep.equal([[1], [2]]);
  });

  it('knows applications apart, and each by itself', () => {
    const states = new PossibleStates(DEFAULT_PROFILE, () => 0);
    states.granted(request('a'), 3);
    expect([states.knows(APPLICATIONS.windows), states.knows(APPLICATIONS.office2010)]).to.deep.equal([
      true,
      false,
    ]);
  });

  it('lets a host come to a lost request at any later time, or never', () => {
    const states = new PossibleStates(DEFAULT_PROFILE, () => 0);
    states.reset();
    states.recordPending(request('late'));
    expect(states.granted(request('a'), 1)).to.equal(null);
    expect(states.granted(request('b'), 3)).to.equal(null);
    expect(counts(states)).to.deep.equal([3]);
    expect(states.granted(request('late'), 3)).to.equal(null);
  });

  it('takes requests that overlapped, a lost one among them, and sees whose record is gone once the cache has grown', () => {
    const states = new PossibleStates(DEFAULT_PROFILE, () => 0);
    states.reset();
    const servers = Array.from({ length: 12 }, (_, i) => request(`server ${i}`, 5));
    const grants = servers.map((each, i) => ({ request: each, count: Math.min(10, i + 1) }));
    expect(states.grantedTogether(grants)).to.equal(null);
    states.recordPending(request('lost', 5));
    expect(states.granted(request('client'), 11)).to.equal(null);
    // The last three overlapped at a count of 10: they are held. Of the first three, one was pushed out by the client's place.
    expect([...states.expected(servers[11]!)!]).to.include(11);
    expect(Math.max(...states.expected(servers[0]!)!)).to.be.at.most(13);
    expect(states.grantedTogether([{ request: servers[11]!, count: 20 }], 'believe-model')).to.not.equal(
      null,
    );
  });

  it('counts physical machines only where the profile says so, whatever overlapped', () => {
    const states = new PossibleStates(PROFILES['vista-2008'], () => 0);
    states.reset();
    const virtual = { ...request('v'), isVirtualMachine: true };
    const grants = [
      { request: virtual, count: 1 },
      { request: request('a'), count: 1 },
    ];
    expect(states.grantedTogether(grants)).to.equal(null);
    expect(counts(states)).to.deep.equal([1]);
    expect(states.granted(virtual, 2)).to.deep.equal(new Set([1]));
  });

  it('restarts as the profile says', () => {
    const kept = { ...DEFAULT_PROFILE, countSurvivesRestart: true };
    for (const [profile, held] of [
      [DEFAULT_PROFILE, 0],
      [kept, 1],
    ] as const) {
      const states = new PossibleStates(profile, () => 0);
      states.reset();
      states.granted(request('a'), 1);
      states.restart();
      expect(counts(states)).to.deep.equal([held]);
    }
  });
});
