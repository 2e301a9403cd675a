import { LEVELS } from '../../../reports/results/levels';
import { CATALOGUE, SUITES } from '../../../scenarios/catalogue';
import { FAULTS } from '../../lab-host';
import { PROFILES } from '../../model/profile';
import type { ValueKind } from '../reference/command-tree';

/** The words that a shell offers for values that stand in a list of ours. None of them holds a character that a shell reads. */
export const WORD_LISTS = {
  fault: FAULTS.map(({ name }) => name),
  requirement: [...Object.keys(SUITES), ...CATALOGUE.map(({ id }) => id)],
  profile: Object.keys(PROFILES),
  level: [...LEVELS],
} as const satisfies Partial<Record<ValueKind, readonly string[]>>;

export type WordList = keyof typeof WORD_LISTS;

export const isWordList = (kind: ValueKind): kind is WordList => Object.hasOwn(WORD_LISTS, kind);
