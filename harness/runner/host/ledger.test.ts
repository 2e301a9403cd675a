import { expect } from 'chai';
import fc from 'fast-check';
import { APPLICATIONS } from '../../../protocol';
import { CountingModel } from '../../model/counting-model';
import { DEFAULT_PROFILE } from '../../model/profile';
import { Ledger } from './ledger';

const DAY_MS = 24 * 60 * 60 * 1000;

const request = (clientMachineId: string, requiredClientCount = 25) => ({
  applicationId: APPLICATIONS.windows,
  clientMachineId,
  requiredClientCount,
  isVirtualMachine: false,
});

const counts = (ledger: Ledger): number[] =>
  [...(ledger.counts(APPLICATIONS.windows) ?? [])].sort((a, b) => a - b);

describe('the ledger', () => {
  it('knows nothing until it is told', () => {
    const ledger = new Ledger(DEFAULT_PROFILE, () => 0);
    expect(ledger.known).to.equal(false);
    expect(ledger.expected(request('a'))).to.equal(undefined);
  });

  it('expects of a host that was reset what the model counts, whatever is asked', () => {
    const asked = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.constantFrom(5, 25)), {
      maxLength: 150,
    });
    fc.assert(
      fc.property(asked, (requests) => {
        const ledger = new Ledger(DEFAULT_PROFILE, () => 0);
        const model = new CountingModel(DEFAULT_PROFILE);
        ledger.reset();
        for (const [machine, threshold] of requests) {
          const one = request(`machine ${machine}`, threshold);
          const expected = [...ledger.expected(one)!];
          const count = model.grant(one, 0);
          expect(expected).to.deep.equal([count]);
          ledger.granted(one, count);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('holds both open where a request may have been granted, until an answer tells', () => {
    const ledger = new Ledger(DEFAULT_PROFILE, () => 0);
    ledger.reset();
    ledger.granted(request('a'), 1);
    ledger.maybe(request('b'));
    expect(counts(ledger)).to.deep.equal([1, 2]);
    expect([...ledger.expected(request('c'))!].sort()).to.deep.equal([2, 3]);
    ledger.granted(request('c'), 3);
    expect(counts(ledger)).to.deep.equal([3]);
  });

  it('does not split further over one that is known to be counted', () => {
    const ledger = new Ledger(DEFAULT_PROFILE, () => 0);
    ledger.reset();
    for (let i = 0; i < 500; i++) ledger.maybe(request('the same'));
    expect(counts(ledger)).to.deep.equal([0, 1]);
  });

  it('forgets rather than keep worlds without end', () => {
    const ledger = new Ledger(DEFAULT_PROFILE, () => 0);
    ledger.reset();
    for (let i = 0; i < 20; i++) ledger.maybe(request(`machine ${i}`));
    expect(ledger.known).to.equal(false);
  });

  it('takes a host as it is found: room is left open where the count may be at its capacity', () => {
    const ledger = new Ledger(DEFAULT_PROFILE, () => 0);
    ledger.granted(request('own'), 50);
    expect([...ledger.expected(request('own'))!]).to.deep.equal([50]);
    expect([...ledger.expected(request('new'))!].sort()).to.deep.equal([50, 51]);
    ledger.granted(request('new'), 50);
    expect([...ledger.expected(request('newer'))!]).to.deep.equal([50]);
  });

  it('takes an answer that no world agrees with as found anew', () => {
    const ledger = new Ledger(DEFAULT_PROFILE, () => 0);
    ledger.reset();
    ledger.granted(request('a'), 7);
    expect(counts(ledger)).to.deep.equal([7]);
    expect([...ledger.expected(request('a'))!]).to.deep.equal([7]);
  });

  it('drops what has expired', () => {
    let now = 0;
    const ledger = new Ledger(DEFAULT_PROFILE, () => now);
    ledger.reset();
    ledger.granted(request('a'), 1);
    now += 31 * DAY_MS;
    expect(counts(ledger)).to.deep.equal([0]);
  });
});
