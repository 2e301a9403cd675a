import fc from 'fast-check';
import {
  guid,
  kmsRequest,
  NIL_GUID,
  pduHeader,
  requestBody,
  requestStub,
  bindBody,
  u16,
  u32,
} from '../../protocol';
import type {
  AskStep,
  BindStep,
  BurstStep,
  CaseLevel,
  CloseStep,
  FuzzCase,
  Piece,
  PiecesStep,
  Step,
} from './case';
import { changesArbitrary } from './change-arbitrary';
import type { Corpus } from './corpus';
import { fieldArbitrary, guidOfWords } from './field-arbitrary';
import { rawStepArbitrary, recordedStepArbitrary } from './raw-arbitrary';

/** CMIDs of a case. A few, so that machines come back. */
const MACHINES = 4;
const CONNECTIONS = 3;

const word = fc.integer({ min: 0, max: 0xffffffff });
const u16Field = u16('any');
const u32Field = u32('any');
const anyGuid = fieldArbitrary(guid('any'), 'valid') as fc.Arbitrary<string>;
const boundaryU16 = fieldArbitrary(u16Field, 'boundary') as fc.Arbitrary<number>;
const boundaryU32 = fieldArbitrary(u32Field, 'boundary') as fc.Arbitrary<number>;

const none = fc.constant([] as const);
const nothing = fc.constant(null);
const rarely = <T>(arbitrary: fc.Arbitrary<T>, oneIn: number): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: oneIn - 1, arbitrary: nothing }, { weight: 1, arbitrary });

/** What tells a case from all others: its applications, machines and names follow from two words, as they have no simpler form. */
const identityArbitrary = fc.noShrink(fc.tuple(word, word));

type Identity = Pick<FuzzCase, 'applications' | 'machines' | 'canary'>;

function identityOf([high, low]: readonly [number, number]): Identity {
  let state = low;
  // Words without a pattern that a host could trip over (splitmix32).
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ high;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  const guid = (): string => guidOfWords([next(), next(), next(), next()]);
  const applications = [guid(), guid()] as const;
  const guids = Array.from({ length: MACHINES }, guid);
  const shapes = next();
  const machines = guids.map((plain, i) => shaped(plain, (shapes >>> (4 * i)) & 0xf, guids[0]!));
  return { applications, machines, canary: next() };
}

/** Machines are unlike one another in every byte, or in one alone; all zeros; an end of all ones. */
function shaped(plain: string, shape: number, first: string): string {
  if (shape === 1) return NIL_GUID;
  if (shape === 2) return `${plain.slice(0, 34)}ff`;
  if (shape === 3) return `${first.slice(0, 35)}${plain.slice(35)}`;
  if (shape === 4) return `${plain.slice(0, 1)}${first.slice(1)}`;
  return plain;
}

type AskParts = { readonly [K in keyof AskStep]: fc.Arbitrary<AskStep[K]> };

/** A good request, each part of which a level replaces by something less good. */
const goodAsk: AskParts = {
  kind: fc.constant('ask' as const),
  on: fc.constant(0),
  machine: fc.constant(0),
  application: fc.constant(0 as const),
  server: fc.boolean(),
  message: none,
  previous: nothing,
  syntax: fc.constantFrom('ndr32' as const, 'ndr64' as const),
  callId: fc.oneof(fc.integer({ min: 1, max: 1000 }), boundaryU32),
  stub: none,
  messageSize: nothing,
  header: none,
  body: none,
  objectUuid: nothing,
  bigEndian: fc.constant(false),
  fragmentSize: nothing,
  cuts: none,
};

const ask = (parts: Partial<AskParts>): fc.Arbitrary<AskStep> => fc.record({ ...goodAsk, ...parts });

/** CMIDs and AppIDs are the case's, so that cases stay apart; the MAC is signed. */
const KEPT_FIELDS = ['clientMachineId', 'applicationId', 'mac'];
const messageChanges = (min: number, max: number) =>
  changesArbitrary(kmsRequest, min, max, { except: KEPT_FIELDS });

const messageAsk = ask({ message: messageChanges(1, 3), previous: rarely(fc.nat(MACHINES - 1), 6) });

const stubAsk = ask({
  stub: changesArbitrary(requestStub, 0, 2, { except: ['message'] }),
  messageSize: fc.oneof(nothing, fc.integer({ min: 0, max: 300 }), fc.constantFrom(0, 4, 235, 236, 251, 253)),
});

/** frag_length and auth_length may lie; the version and the type too. */
const pduAsk = ask({
  header: changesArbitrary(pduHeader, 0, 2, { except: ['callId', 'drep'] }),
  body: changesArbitrary(requestBody, 0, 2, { except: ['stub'] }),
  objectUuid: rarely(anyGuid, 5),
  bigEndian: fc.oneof(
    { weight: 3, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
});

const cutsArbitrary = fc.oneof(
  // Where a field or a part ends is where joining goes wrong.
  fc.constantFrom([16], [24], [32], [1], [15], [17], [16, 24], [283]),
  fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4, size: 'max' }),
);

const segmentsAsk = ask({ cuts: cutsArbitrary });
const fragmentsAsk = ask({
  fragmentSize: fc.oneof(fc.integer({ min: 8, max: 300 }), fc.constantFrom(1, 8, 128, 259, 260)),
});

const pieceArbitrary: fc.Arbitrary<Piece> = fc.record({
  first: fc.boolean(),
  last: fc.boolean(),
  size: fc.oneof(fc.constantFrom(0, 8, 260), fc.integer({ min: 0, max: 260 })),
  callIdOffset: fc.constantFrom(0 as const, 0 as const, 1 as const),
  instead: fc.constantFrom(null, null, null, null, 'orphaned' as const, 'co_cancel' as const),
});

const piecesStep = (on: fc.Arbitrary<number>): fc.Arbitrary<PiecesStep> =>
  fc.record({
    kind: fc.constant('pieces' as const),
    on,
    machine: fc.nat(MACHINES - 1),
    application: fc.constant(0 as const),
    callId: fc.integer({ min: 1, max: 1000 }),
    pieces: fc.array(pieceArbitrary, { minLength: 1, maxLength: 5, size: 'max' }),
  });

const bindStep = (on: fc.Arbitrary<number>, changed: boolean): fc.Arbitrary<BindStep> =>
  fc.record({
    kind: fc.constant('bind' as const),
    on,
    contextId: fc.oneof(fc.nat(4), boundaryU16),
    syntax: fc.constantFrom('ndr32' as const, 'ndr64' as const),
    features: fc.boolean(),
    body: changed ? changesArbitrary(bindBody, 0, 2) : none,
  });

const closeStep = (on: fc.Arbitrary<number>): fc.Arbitrary<CloseStep> =>
  fc.record({
    kind: fc.constant('close' as const),
    on,
    how: fc.constantFrom('fin' as const, 'reset' as const),
    after: fc.oneof(nothing, fc.constantFrom(1, 15, 16, 24, 283, 284), fc.integer({ min: 0, max: 284 })),
  });

/** N_Policy where hosts may go wrong: at the thresholds, where narrower integers end, at the limit of 1000 and beyond. */
const requiredCount = fc.oneof(
  fc.constantFrom(0, 1, 2, 3, 24, 26, 127, 128, 129, 255, 256, 500, 999, 1000),
  fc.integer({ min: 0, max: 1001 }),
);
const requiredCountChange: AskParts['message'] = requiredCount.map((value) => [
  { field: 'requiredClientCount', mode: 'boundary', value },
]);

const burstStep: fc.Arbitrary<BurstStep> = fc.record({
  kind: fc.constant('burst' as const),
  count: fc.integer({ min: 2, max: 6 }),
  server: fc.boolean(),
  requiredClientCount: fc.oneof(
    nothing,
    requiredCount.map((count) => Math.min(count, 1000)),
  ),
  application: fc.constant(0 as const),
});

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
const sequenceStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: ask(inSequence) },
  { weight: 6, arbitrary: ask({ ...inSequence, message: messageChanges(1, 2) }) },
  { weight: 3, arbitrary: ask({ ...inSequence, message: requiredCountChange }) },
  { weight: 1, arbitrary: ask({ ...inSequence, messageSize: fc.integer({ min: 0, max: 300 }) }) },
  { weight: 1, arbitrary: ask({ ...inSequence, cuts: cutsArbitrary }) },
  { weight: 2, arbitrary: bindStep(on, false) },
  { weight: 1, arbitrary: piecesStep(on) },
  { weight: 1, arbitrary: closeStep(on) },
  { weight: 2, arbitrary: burstStep },
);

const DAY = 86_400;
/** No sum of a few of them comes near 30 days: there the time that the case itself takes would decide. */
const ADVANCES = [3701, DAY + 11, 29 * DAY + 101, 30 * DAY - 3907, 30 * DAY + 3803, 60 * DAY];
const controlStep: fc.Arbitrary<Step> = fc.oneof(
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

/** How often a case is of each level. Single calls are cheap; sequences find what needs a coincidence. */
const LEVEL_WEIGHTS: Readonly<Record<CaseLevel, number>> = {
  message: 30,
  stub: 6,
  pdu: 10,
  fragments: 8,
  tcp: 8,
  sequence: 30,
  recorded: 7,
  control: 1,
};

export interface CaseOptions {
  readonly levels: readonly CaseLevel[];
  readonly corpus: Corpus;
}

/** Every case there can be: the fuzzer draws from it, and shrinks by it. */
export function caseArbitrary({ levels, corpus }: CaseOptions): fc.Arbitrary<FuzzCase> {
  const usable = levels.filter((level) => level !== 'recorded' || corpus.pdus.length > 0);
  return fc.oneof(
    ...usable.map((level) => ({ weight: LEVEL_WEIGHTS[level], arbitrary: levelArbitrary(level, corpus) })),
  );
}

function levelArbitrary(level: CaseLevel, corpus: Corpus): fc.Arbitrary<FuzzCase> {
  return fc
    .tuple(stepsArbitrary(level, corpus), identityArbitrary)
    .map(([steps, identity]) => ({ level, ...identityOf(identity), steps }));
}

const one = (step: fc.Arbitrary<Step>): fc.Arbitrary<readonly Step[]> => step.map((only) => [only]);
const several = (
  step: fc.Arbitrary<Step>,
  minLength: number,
  maxLength: number,
): fc.Arbitrary<readonly Step[]> => fc.array(step, { minLength, maxLength, size: 'max' });

function stepsArbitrary(level: CaseLevel, corpus: Corpus): fc.Arbitrary<readonly Step[]> {
  const zero = fc.constant(0);
  switch (level) {
    case 'message':
      return one(messageAsk);
    case 'stub':
      return one(stubAsk);
    case 'pdu':
      return fc.oneof(
        { weight: 4, arbitrary: one(pduAsk) },
        { weight: 2, arbitrary: fc.tuple(bindStep(zero, true), ask({})) },
      );
    case 'fragments':
      return fc.oneof(one(fragmentsAsk), several(piecesStep(zero), 1, 2));
    case 'tcp':
      return fc.oneof(
        one(segmentsAsk),
        several(fc.oneof(closeStep(zero), segmentsAsk), 1, 3),
        one(rawStepArbitrary(zero)),
      );
    case 'recorded':
      return one(recordedStepArbitrary(corpus));
    case 'sequence':
      return several(sequenceStep, 1, 6);
    case 'control':
      return several(controlStep, 1, 8);
  }
}
