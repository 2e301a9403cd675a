import { commandLine } from '../../../reports/results/command-line';
import { type GivenOption, repeatableWords } from '../options/given-options';

/** The command line that runs one requirement again as this run did. */
export function repeatCommand(given: readonly GivenOption[], seed: number): (id: string) => string {
  const kept = repeatableWords(given);
  return (id) => commandLine(['kmsspec', 'run', id, ...kept, '--seed', String(seed)]);
}
