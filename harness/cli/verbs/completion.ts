import { bashCompletion } from '../completion/bash';
import { fishCompletion } from '../completion/fish';
import { setupHelp } from '../completion/setup-lines';
import { zshCompletion } from '../completion/zsh';
import { commandTree, type TreeVerb } from '../reference/command-tree';
import { UsageError } from '../../support/usage-error';
import { EXIT, type Verb } from '../verb';

const SHELLS: Readonly<Record<string, (verbs: readonly TreeVerb[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** `kmsspec completion SHELL`: prints what a shell completes verbs, options, requirements, faults and files by. */
export const verb: Verb = {
  configure(command) {
    command.addHelpText('after', setupHelp());
  },
  choices: { shell: Object.keys(SHELLS) },
  run([shell = ''], _options, { stdout, verbs = [] }) {
    if (!Object.hasOwn(SHELLS, shell))
      throw new UsageError(`there is no completion for ${shell}: one of ${Object.keys(SHELLS).join(', ')}`);
    stdout.write(SHELLS[shell]!(commandTree(verbs)));
    return Promise.resolve(EXIT.ok);
  },
};
