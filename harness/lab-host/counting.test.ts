import { expect } from 'chai';
import fc from 'fast-check';
import { decodeRequest, type KmsRequest } from '../../protocol';
import { CountingModel } from '../model/counting-model';
import { PROFILES } from '../model/profile';
import { LabCounting } from './counting';
import { CONFORMING_COUNTING } from './counting-rules';
import { requestOf } from './testing/lab';

const DAY_MS = 86_400_000;

const steps = fc.array(
  fc.record({
    machine: fc.nat(60),
    product: fc.constantFrom('win7', 'r2-b', 'office2010' as const),
    isVirtualMachine: fc.constantFrom(0, 0, 1),
    requiredClientCount: fc.constantFrom(0, 5, 25, 25, 100),
    laterDays: fc.constantFrom(0, 0, 0, 0, 0, 1, 15, 31),
  }),
  { maxLength: 150, size: 'max' },
);

describe('counting of the lab host', () => {
  for (const profile of Object.values(PROFILES)) {
    it(`counts as the model does (${profile.name})`, () => {
      const counts = fc.property(steps, (sequence) => {
        const model = new CountingModel(profile);
        const counting = new LabCounting(profile, CONFORMING_COUNTING);
        let nowMs = 0;
        for (const { machine, product, laterDays, ...fields } of sequence) {
          nowMs += laterDays * DAY_MS;
          const message = decodeRequest(requestOf(machine, product, fields)).value as KmsRequest;
          const request = { ...message, isVirtualMachine: message.isVirtualMachine !== 0 };
          expect(counting.grant(request, nowMs)).to.equal(model.grant(request, nowMs));
        }
      });
      fc.assert(counts, { numRuns: 100 });
    });
  }
});
