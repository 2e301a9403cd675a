import fc from 'fast-check';
import { ask, fragmentsAsk, messageAsk, pduAsk, segmentsAsk, stubAsk } from './ask-arbitrary';
import type { CaseLevel, FuzzCase, Step } from '../case';
import type { Corpus } from './corpus';
import { identityArbitrary } from './identity-arbitrary';
import { rawStepArbitrary, recordedStepArbitrary } from './raw-arbitrary';
import { controlStep, sequenceStep } from './sequence-arbitrary';
import { bindStep, closeStep, piecesStep } from './step-arbitrary';

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
    .map(([steps, identity]) => ({ level, ...identity, steps }));
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
