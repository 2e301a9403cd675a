import { ask, type AskParts, cutsArbitrary, messageChanges, rarely } from './ask-arbitrary';
import type { Step } from '../case';
import { MACHINES } from './identity-arbitrary';
import { rawStepArbitrary } from './raw-arbitrary';
import { bindStep, burstStep, closeStep, piecesStep, requiredCount } from './step-arbitrary';
import * as drawn from './drawn';
import type { Drawn } from './drawn';

const CONNECTIONS = 3;

const requiredCountChange: AskParts['message'] = requiredCount.map((value) => [
  { field: 'requiredClientCount', mode: 'boundary', value },
]);

const on = drawn.oneof(
  { weight: 5, arbitrary: drawn.constant(0) },
  { weight: 2, arbitrary: drawn.nat(CONNECTIONS - 1) },
);
const inSequence = {
  on,
  machine: drawn.nat(MACHINES - 1),
  application: drawn.constantFrom(0 as const, 0 as const, 0 as const, 1 as const),
  previous: rarely(drawn.nat(MACHINES - 1), 4),
};

/** Mostly requests that count: unique, renewed, server, client, virtual, refused, with larger N_Policy. */
export const sequenceStep: Drawn<Step> = drawn.oneof(
  { weight: 8, arbitrary: ask(inSequence) },
  { weight: 6, arbitrary: ask({ ...inSequence, message: messageChanges(1, 2) }) },
  { weight: 3, arbitrary: ask({ ...inSequence, message: requiredCountChange }) },
  { weight: 1, arbitrary: ask({ ...inSequence, messageSize: drawn.integer({ min: 0, max: 300 }) }) },
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
export const controlStep: Drawn<Step> = drawn.oneof(
  { weight: 5, arbitrary: sequenceStep },
  {
    weight: 3,
    arbitrary: drawn.record({
      kind: drawn.constant('advance' as const),
      seconds: drawn.constantFrom(...ADVANCES),
    }),
  },
  { weight: 1, arbitrary: drawn.record({ kind: drawn.constant('restart' as const) }) },
);
