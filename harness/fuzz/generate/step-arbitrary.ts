import fc from 'fast-check';
import { bindBody, u16 } from '../../../protocol';
import type { BindStep, BurstStep, CloseStep, Piece, PiecesStep } from '../case';
import { changesArbitrary } from './change-arbitrary';
import { fieldArbitrary } from './field-arbitrary';
import { MACHINES } from './identity-arbitrary';

const boundaryU16 = fieldArbitrary(u16('any'), 'boundary') as fc.Arbitrary<number>;
const nothing = fc.constant(null);
const none = fc.constant([] as const);

const pieceArbitrary: fc.Arbitrary<Piece> = fc.record({
  first: fc.boolean(),
  last: fc.boolean(),
  size: fc.oneof(fc.constantFrom(0, 8, 260), fc.integer({ min: 0, max: 260 })),
  callIdOffset: fc.constantFrom(0 as const, 0 as const, 1 as const),
  instead: fc.constantFrom(null, null, null, null, 'orphaned' as const, 'co_cancel' as const),
});

export const piecesStep = (on: fc.Arbitrary<number>): fc.Arbitrary<PiecesStep> =>
  fc.record({
    kind: fc.constant('pieces' as const),
    on,
    machine: fc.nat(MACHINES - 1),
    application: fc.constant(0 as const),
    callId: fc.integer({ min: 1, max: 1000 }),
    pieces: fc.array(pieceArbitrary, { minLength: 1, maxLength: 5, size: 'max' }),
  });

export const bindStep = (on: fc.Arbitrary<number>, changed: boolean): fc.Arbitrary<BindStep> =>
  fc.record({
    kind: fc.constant('bind' as const),
    on,
    contextId: fc.oneof(fc.nat(4), boundaryU16),
    syntax: fc.constantFrom('ndr32' as const, 'ndr64' as const),
    features: fc.boolean(),
    body: changed ? changesArbitrary(bindBody, 0, 2) : none,
  });

export const closeStep = (on: fc.Arbitrary<number>): fc.Arbitrary<CloseStep> =>
  fc.record({
    kind: fc.constant('close' as const),
    on,
    how: fc.constantFrom('fin' as const, 'reset' as const),
    after: fc.oneof(nothing, fc.constantFrom(1, 15, 16, 24, 283, 284), fc.integer({ min: 0, max: 284 })),
  });

/** N_Policy where hosts may go wrong: at the thresholds, where narrower integers end, at the limit of 1000 and beyond. */
export const requiredCount = fc.oneof(
  fc.constantFrom(0, 1, 2, 3, 24, 26, 127, 128, 129, 255, 256, 500, 999, 1000),
  fc.integer({ min: 0, max: 1001 }),
);

export const burstStep: fc.Arbitrary<BurstStep> = fc.record({
  kind: fc.constant('burst' as const),
  count: fc.integer({ min: 2, max: 6 }),
  server: fc.boolean(),
  requiredClientCount: fc.oneof(
    nothing,
    requiredCount.map((count) => Math.min(count, 1000)),
  ),
  application: fc.constant(0 as const),
});
