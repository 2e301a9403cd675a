import { expect } from 'chai';
import fc from 'fast-check';
import { CountBounds } from './count-bounds';
import { type CountedRequest, CountingModel } from './counting-model';
import { PROFILES } from './profile';

const DAY_MS = 86_400_000;

const request = fc.record({
  applicationId: fc.constantFrom('windows', 'office'),
  clientMachineId: fc.integer({ min: 0, max: 30 }).map((machine) => `machine ${machine}`),
  requiredClientCount: fc.constantFrom(1, 2, 5, 25),
  isVirtualMachine: fc.boolean(),
});
const requests = fc.array(fc.tuple(request, fc.constantFrom(0, 0, 0, 1, 20)), { maxLength: 60, size: 'max' });

describe('bounds of counts', () => {
  for (const profile of Object.values(PROFILES)) {
    it(`hold for a host that had counted anything before (${profile.name})`, () => {
      fc.assert(
        fc.property(requests, requests, (before, asked) => {
          const [host, fresh] = [new CountingModel(profile), new CountingModel(profile)];
          const bounds = new CountBounds(profile);
          let nowMs = 0;
          for (const [each, days] of before) host.grant(each, (nowMs += days * DAY_MS));
          for (const [each, days] of asked) {
            nowMs += days * DAY_MS;
            const least = bounds.least(each, nowMs);
            bounds.answered(each, nowMs);
            expect(host.grant(each, nowMs)).to.be.at.least(least);
            expect(fresh.grant(each, nowMs)).to.equal(bounds.sent(each, nowMs)).and.equal(least);
          }
        }),
        { numRuns: 100 },
      );
    });
  }

  it('lie apart where requests are under way, and the least of the answer is known when it is sent', () => {
    const bounds = new CountBounds(PROFILES['win7-2008r2']);
    const of = (clientMachineId: string): CountedRequest => ({
      applicationId: 'windows',
      clientMachineId,
      requiredClientCount: 5,
      isVirtualMachine: false,
    });
    expect([bounds.least(of('a'), 0), bounds.sent(of('a'), 0)]).to.deep.equal([1, 1]);
    expect([bounds.least(of('b'), 0), bounds.sent(of('b'), 0)]).to.deep.equal([1, 2]);
    bounds.answered(of('b'), 0);
    expect([bounds.least(of('c'), 0), bounds.least(of('b'), 0)]).to.deep.equal([2, 1]);
  });
});
