import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CommandWords } from '../../jobs/diff';
import { PROFILES } from '../../model/profile';
import { type GivenOption, repeatableWords, targetWords } from '../options/given-options';
import { CONFIGURATION } from './hosts';

/** Options whose value is a file or a folder. */
const OF_FILES = ['mac-key', 'corpus', 'profile'];

/** What of a command line of `diff` repeats it, as it can be typed in any folder. */
export function commandWords(
  names: readonly [string, string],
  given: readonly GivenOption[],
  cwd: string,
): CommandWords {
  const found = given.map((one) => fromAnywhere(one, cwd));
  return {
    hosts: [hostFromAnywhere(names[0], cwd), hostFromAnywhere(names[1], cwd)],
    asked: targetWords(found, []),
    all: repeatableWords(found),
  };
}

function fromAnywhere({ option, words }: GivenOption, cwd: string): GivenOption {
  const [name, value] = words;
  if (name === undefined || value === undefined || !OF_FILES.includes(option.name()))
    return { option, words };
  const isName = option.name() === 'profile' && value in PROFILES;
  return { option, words: [name, isName ? value : resolve(cwd, value)] };
}

/** A configuration by its whole path; a profile of a lab host too, where it is a file. */
function hostFromAnywhere(named: string, cwd: string): string {
  if (CONFIGURATION.test(named) && !named.startsWith('lab:')) return resolve(cwd, named);
  return named.replace(/(?<=^lab:(?:.*,)?profile=)[^,]+/, (profile) =>
    !(profile in PROFILES) && existsSync(resolve(cwd, profile)) ? resolve(cwd, profile) : profile,
  );
}
