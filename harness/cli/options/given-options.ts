import type { Command, Option } from 'commander';

/** An option as the parser took it from the command line. */
export interface GivenOption {
  readonly option: Option;
  /** As a command line has them: `--target HOST`. */
  readonly words: readonly string[];
}

/** Options that choose what is run, or where results go: no part of what makes a failure come again. */
const BESIDE = new WeakSet<Option>();
/** Options that name a target, or say how it is asked. */
const OF_TARGET = new WeakSet<Option>();

const marked =
  (set: WeakSet<Option>) =>
  (command: Command, declare: (command: Command) => Command): Command => {
    const before = command.options.length;
    declare(command);
    for (const option of command.options.slice(before)) set.add(option);
    return command;
  };

/** Declares options that are left out of a line that repeats a failure. */
export const addBeside = marked(BESIDE);
/** Declares options by which another command line comes to the same target. */
export const addOfTarget = marked(OF_TARGET);

/** Hears every option that the parser takes from now on, in the order of the command line. */
export function givenOptions(command: Command): readonly GivenOption[] {
  const given: GivenOption[] = [];
  for (const option of command.options) {
    const name = option.long ?? option.flags;
    command.on(`option:${option.name()}`, (value: string | null | undefined) =>
      given.push({ option, words: value === null || value === undefined ? [name] : [name, value] }),
    );
  }
  return given;
}

/** The words that bear on what the host does, whatever options there are. */
export const repeatableWords = (given: readonly GivenOption[]): string[] =>
  given.filter(({ option }) => !BESIDE.has(option)).flatMap(({ words }) => words);

/** The words that name the target, apart from those of the named options. */
export const targetWords = (given: readonly GivenOption[], without: readonly string[]): string[] =>
  given
    .filter(({ option }) => OF_TARGET.has(option) && !BESIDE.has(option) && !without.includes(option.name()))
    .flatMap(({ words }) => words);
