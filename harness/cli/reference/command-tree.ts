import { type Argument, Command, type Option } from 'commander';
import { addCommonOptions } from '../options/common-options';
import type { VerbEntry } from '../verb';

/** What the value of an option or argument names, so that a shell can complete it. */
export type ValueKind = 'file' | 'folder' | 'word' | 'choice' | 'fault' | 'requirement' | 'profile' | 'level';

export interface TreeOption {
  /** Such as `--target`; every option has a long form. */
  readonly long: string;
  readonly short: string | undefined;
  /** As in the help: `HOST[:PORT]`; undefined for a switch. */
  readonly value: string | undefined;
  readonly kind: ValueKind | undefined;
  readonly choices: readonly string[];
  readonly description: string;
}

export interface TreeArgument {
  readonly name: string;
  readonly isRequired: boolean;
  readonly isVariadic: boolean;
  readonly kind: ValueKind;
  readonly choices: readonly string[];
}

export interface TreeVerb {
  readonly name: string;
  readonly summary: string;
  readonly args: readonly TreeArgument[];
  readonly options: readonly TreeOption[];
  /** What the help says behind the options: examples and notes; may be empty. */
  readonly notes: string;
}

/** Every verb with its arguments and options, as commander knows them: completion and manual pages are made from it. */
export function commandTree(entries: readonly VerbEntry[]): TreeVerb[] {
  return entries.map((entry) => {
    const command = new Command(entry.name);
    if (entry.args !== '') command.arguments(entry.args);
    let text = '';
    const { verb } = entry.load();
    verb.configure(command);
    addCommonOptions(command);
    command.configureOutput({ writeOut: (part) => (text += part) });
    command.outputHelp();
    return {
      name: entry.name,
      summary: entry.summary,
      args: command.registeredArguments.map((argument) =>
        argumentOf(argument, verb.choices?.[argument.name()] ?? []),
      ),
      options: [...command.options.map(optionOf), HELP],
      notes: text.slice(command.helpInformation().length).trim(),
    };
  });
}

const HELP: TreeOption = {
  long: '--help',
  short: '-h',
  value: undefined,
  kind: undefined,
  choices: [],
  description: 'show the options of the verb',
};

function optionOf(option: Option): TreeOption {
  const value = /[<[](.*)[>\]]$/.exec(option.flags)?.[1];
  const choices = option.argChoices ?? [];
  const takesNone = value === undefined;
  return {
    long: option.long ?? option.flags,
    short: option.short,
    value,
    kind: takesNone ? undefined : kindOf(option.long ?? '', value, choices),
    choices,
    description: option.description,
  };
}

/** What options name that stands in a list of ours. */
const OPTION_KINDS: Readonly<Record<string, ValueKind>> = {
  '--fault': 'fault',
  '--include': 'requirement',
  '--exclude': 'requirement',
  '--require': 'requirement',
  '--profile': 'profile',
  '--fail-on': 'level',
};

function kindOf(long: string, value: string, choices: readonly string[]): ValueKind {
  if (choices.length > 0) return 'choice';
  if (value.startsWith('FILE')) return 'file';
  if (value.startsWith('DIR')) return 'folder';
  return OPTION_KINDS[long] ?? 'word';
}

/** What an argument of a verb names; a word of the user's own where nothing is said. */
const ARGUMENT_KINDS: Readonly<Record<string, ValueKind>> = {
  ids: 'requirement',
  what: 'requirement',
  capture: 'file',
  file: 'file',
  events: 'file',
  in: 'file',
  out: 'file',
  old: 'file',
  new: 'file',
  parts: 'file',
  reports: 'file',
  place: 'file',
  result: 'file',
};

function argumentOf(argument: Argument, choices: readonly string[]): TreeArgument {
  const name = argument.name();
  return {
    name,
    isRequired: argument.required,
    isVariadic: argument.variadic,
    kind: choices.length > 0 ? 'choice' : (ARGUMENT_KINDS[name] ?? 'word'),
    choices,
  };
}
