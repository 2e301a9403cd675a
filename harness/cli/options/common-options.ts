import type { Command } from 'commander';
import { addBeside } from './given-options';

/** Options of every verb. */
export function addCommonOptions(command: Command): Command {
  return addBeside(command, (to) =>
    to
      .option('--quiet', 'results only, no progress')
      .option('--verbose', 'more detail; a stack trace with an error')
      .option('--no-color', 'no colours, as with NO_COLOR'),
  );
}
