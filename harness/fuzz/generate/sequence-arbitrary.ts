import fc from 'fast-check';
import { ask, type AskParts, cutsArbitrary, messageChanges, rarely } from './ask-arbitrary';
import type { Step } from '../case';
import { MACHINES } from './identity-arbitrary';
import { rawStepArbitrary } from './raw-arbitrary';
import { bindStep, burstStep, closeStep, piecesStep, requiredCount } from './step-arbitrary';

const CONNECTIONS = 3;

const requiredCountChange: AskParts['message'] = requiredCount.map((value) => [
  { field: 'requiredClientCount', mode: 'boundary', value },
]);

const on = fc.oneof(
  { weight: 5, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.nat(CONNECTIONS - 1) },
);
const inSequence = {
  on,
  machine: fc.nat(MACHINES - 1),
  application: fc.constantFrom(0 as const, 0 as const, 0 as const, 1 as const),
  previous: rarely(fc.nat(MACHINES - 1), 4),
};

/** Mostly requests that count: unique, renewed, server, client, virtual, refused, with larger N_Policy. */
export const sequenceStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: ask(inSequence) },
  { weight: 6, arbitrary: ask({ ...inSequence, message: messageChanges(1, 2) }) },
  { weight: 3, arbitrary: ask({ ...inSequence, message: requiredCountChange }) },
  { weight: 1, arbitrary: ask({ ...inSequence, messageSize: fc.integer({ min: 0, max: 300 }) }) },
  { weight: 1, arbitrary: ask({ ...inSequence, cuts: cutsArbitrary }) },
  { weight: 2, arbitrary: bindStep(on, false) },
  { weight: 1, arbitrary: piecesStep(on) },
  { weight: 1, arbitrary: closeStep(on) },
  { weight: 1, arbitrary: rawStepArbitrary(on) },
  { weight: 2, arbitrary: burstStep },
);

const DAY = 86_400;
/** No sum of a few of them comes near 30 days: there the time that the case itself takes would decide. */
const ADVANCES = [3701, DAY + 11, 29 * DAY + 101, 30 * DAY - 3907, 30 * DAY + 3803, 60 * DAY];
export const controlStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: sequenceStep },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('advance' as const),
      seconds: fc.constantFrom(...ADVANCES),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
);
