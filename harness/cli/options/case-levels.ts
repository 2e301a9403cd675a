import { InvalidArgumentError } from 'commander';
import { CASE_LEVELS, type CaseLevel } from '../../cases/case';

/** Reads `--levels` of verbs that draw cases. */
export function caseLevels(text: string): readonly CaseLevel[] {
  return text.split(',').map((name) => {
    const level = CASE_LEVELS.find((candidate) => candidate === name.trim());
    if (level === undefined) throw new InvalidArgumentError(`expected some of ${CASE_LEVELS.join(', ')}.`);
    return level;
  });
}
