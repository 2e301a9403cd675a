import { bindBody, u16 } from '../../../protocol';
import type { BindStep, BurstStep, CloseStep, Piece, PiecesStep } from '../case';
import { changesArbitrary } from './change-arbitrary';
import { fieldArbitrary } from './field-arbitrary';
import { MACHINES } from './identity-arbitrary';
import * as drawn from './drawn';
import type { Drawn } from './drawn';

const boundaryU16 = fieldArbitrary(u16('any'), 'boundary') as Drawn<number>;
const nothing = drawn.constant(null);
const none = drawn.constant([] as const);

const pieceArbitrary: Drawn<Piece> = drawn.record({
  first: drawn.boolean(),
  last: drawn.boolean(),
  size: drawn.oneof(drawn.constantFrom(0, 8, 260), drawn.integer({ min: 0, max: 260 })),
  callIdOffset: drawn.constantFrom(0 as const, 0 as const, 1 as const),
  instead: drawn.constantFrom(null, null, null, null, 'orphaned' as const, 'co_cancel' as const),
});

export const piecesStep = (on: Drawn<number>): Drawn<PiecesStep> =>
  drawn.record({
    kind: drawn.constant('pieces' as const),
    on,
    machine: drawn.nat(MACHINES - 1),
    application: drawn.constant(0 as const),
    callId: drawn.integer({ min: 1, max: 1000 }),
    pieces: drawn.array(pieceArbitrary, { minLength: 1, maxLength: 5 }),
  });

export const bindStep = (on: Drawn<number>, changed: boolean): Drawn<BindStep> =>
  drawn.record({
    kind: drawn.constant('bind' as const),
    on,
    contextId: drawn.oneof(drawn.nat(4), boundaryU16),
    syntax: drawn.constantFrom('ndr32' as const, 'ndr64' as const),
    features: drawn.boolean(),
    body: changed ? changesArbitrary(bindBody, 0, 2) : none,
  });

export const closeStep = (on: Drawn<number>): Drawn<CloseStep> =>
  drawn.record({
    kind: drawn.constant('close' as const),
    on,
    how: drawn.constantFrom('fin' as const, 'reset' as const),
    after: drawn.oneof(
      nothing,
      drawn.constantFrom(1, 15, 16, 24, 283, 284),
      drawn.integer({ min: 0, max: 284 }),
    ),
  });

/** N_Policy where hosts may go wrong: at the thresholds, where narrower integers end, at the limit of 1000 and beyond. */
export const requiredCount = drawn.oneof(
  drawn.constantFrom(0, 1, 2, 3, 24, 26, 127, 128, 129, 255, 256, 500, 999, 1000),
  drawn.integer({ min: 0, max: 1001 }),
);

export const burstStep: Drawn<BurstStep> = drawn.record({
  kind: drawn.constant('burst' as const),
  count: drawn.integer({ min: 2, max: 6 }),
  server: drawn.boolean(),
  requiredClientCount: drawn.oneof(
    nothing,
    requiredCount.map((count) => Math.min(count, 1000)),
  ),
  application: drawn.constant(0 as const),
});
