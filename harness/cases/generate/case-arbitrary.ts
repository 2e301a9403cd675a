import { ask, fragmentsAsk, messageAsk, pduAsk, segmentsAsk, stubAsk } from './ask-arbitrary';
import type { CaseLevel, FuzzCase, Step } from '../case';
import type { Corpus } from './corpus';
import { identityArbitrary } from './identity-arbitrary';
import { rawStepArbitrary, recordedStepArbitrary } from './raw-arbitrary';
import { controlStep, sequenceStep } from './sequence-arbitrary';
import { bindStep, closeStep, piecesStep } from './step-arbitrary';
import * as drawn from './drawn';
import type { Drawn } from './drawn';

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
export function caseArbitrary({ levels, corpus }: CaseOptions): Drawn<FuzzCase> {
  const usable = levels.filter((level) => level !== 'recorded' || corpus.pdus.length > 0);
  return drawn.oneof(
    ...usable.map((level) => ({ weight: LEVEL_WEIGHTS[level], arbitrary: levelArbitrary(level, corpus) })),
  );
}

function levelArbitrary(level: CaseLevel, corpus: Corpus): Drawn<FuzzCase> {
  return drawn
    .tuple(stepsArbitrary(level, corpus), identityArbitrary)
    .map(([steps, identity]) => ({ level, ...identity, steps }));
}

const one = (step: Drawn<Step>): Drawn<readonly Step[]> => step.map((only) => [only]);
const several = (step: Drawn<Step>, minLength: number, maxLength: number): Drawn<readonly Step[]> =>
  drawn.array(step, { minLength, maxLength });

function stepsArbitrary(level: CaseLevel, corpus: Corpus): Drawn<readonly Step[]> {
  const zero = drawn.constant(0);
  switch (level) {
    case 'message':
      return one(messageAsk);
    case 'stub':
      return one(stubAsk);
    case 'pdu':
      return drawn.oneof(
        { weight: 4, arbitrary: one(pduAsk) },
        { weight: 2, arbitrary: drawn.tuple(bindStep(zero, true), ask({})) },
      );
    case 'fragments':
      return drawn.oneof(one(fragmentsAsk), several(piecesStep(zero), 1, 2));
    case 'tcp':
      return drawn.oneof(
        one(segmentsAsk),
        several(drawn.oneof(closeStep(zero), segmentsAsk), 1, 3),
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
