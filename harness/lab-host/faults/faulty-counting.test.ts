import { expect } from 'chai';
import fc from 'fast-check';
import { decodeRequest, type KmsRequest } from '../../../protocol';
import { CountingModel } from '../../model/counting-model';
import { PROFILES } from '../../model/profile';
import { FaultyCounting } from './faulty-counting';
import { requestOf } from '../testing/lab';

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

describe('faulty counting', () => {
  for (const profile of Object.values(PROFILES)) {
    it(`counts as the model does where it has no fault (${profile.name})`, () => {
      const counts = fc.property(steps, (sequence) => {
        const model = new CountingModel(profile);
        const faulty = new FaultyCounting(profile, new Set());
        const caller = { syntax: 'ndr32', connection: {} } as const;
        let nowMs = 0;
        for (const { machine, product, laterDays, ...fields } of sequence) {
          nowMs += laterDays * DAY_MS;
          const request = decodeRequest(requestOf(machine, product, fields)).value as KmsRequest;
          const expected = model.grant(
            { ...request, isVirtualMachine: request.isVirtualMachine !== 0 },
            nowMs,
          );
          expect(faulty.grant(request, nowMs, caller)).to.equal(expected);
        }
      });
      fc.assert(counts, { numRuns: 100 });
    });
  }

  it('lost-update: what two clients read at once, one of them loses', () => {
    const counting = new FaultyCounting(PROFILES['win7-2008r2'], new Set(['lost-update'] as const));
    const [first, second, later] = [{}, {}, {}];
    const ask = (machine: number, connection: object): number =>
      counting.grant(decodeRequest(requestOf(machine)).value as KmsRequest, 0, {
        syntax: 'ndr32',
        connection,
      });
    counting.opened(first);
    counting.opened(second);
    expect([ask(1, first), ask(2, second)]).to.deep.equal([1, 1]);
    counting.opened(later);
    expect(ask(3, later)).to.equal(2);
  });
});
