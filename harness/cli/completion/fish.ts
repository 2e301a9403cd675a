import type { TreeArgument, TreeOption, TreeVerb } from '../reference/command-tree';
import { isWordList, WORD_LISTS } from './word-lists';

/** Completion of fish: one `complete` line for each verb, option and argument. */
export function fishCompletion(verbs: readonly TreeVerb[]): string {
  const names = ['help', ...verbs.map(({ name }) => name)];
  return [
    '# fish completion of kmsspec; kmsspec help completion says where it goes',
    ...Object.entries(WORD_LISTS).map(([name, words]) => `set -g __kmsspec_${name} ${words.join(' ')}`),
    FUNCTIONS,
    'complete -c kmsspec -f',
    `complete -c kmsspec -n '__kmsspec_needs_verb' -l help -d 'the verbs'`,
    `complete -c kmsspec -n '__kmsspec_needs_verb' -l version -d 'the version'`,
    `complete -c kmsspec -n '__kmsspec_needs_verb' -a help -d 'the options of a verb'`,
    `complete -c kmsspec -n '__kmsspec_verb help' -a ${quoted(names.join(' '))}`,
    ...verbs.flatMap((verb) => [
      `complete -c kmsspec -n '__kmsspec_needs_verb' -a ${verb.name} -d ${quoted(verb.summary)}`,
      ...verb.options.map((option) => optionLine(verb, option)),
      ...verb.args.flatMap((argument, place) => argumentLines(verb, argument, place)),
    ]),
    '',
  ].join('\n');
}

function optionLine({ name }: TreeVerb, option: TreeOption): string {
  const flags = option.value === undefined ? '' : ` ${valueFlags(option)}`;
  return `complete -c kmsspec -n '__kmsspec_verb ${name}' -l ${option.long.slice(2)}${flags} -d ${quoted(option.description)}`;
}

/** `-x` takes a value and offers no files; `-r -F` offers them. */
function valueFlags({ kind, choices }: TreeOption): string {
  if (kind === 'choice') return `-x -a ${quoted(choices.join(' '))}`;
  if (kind === 'file') return '-r -F';
  if (kind === 'folder') return "-x -a '(__fish_complete_directories)'";
  if (kind === 'profile') return "-r -F -a '$__kmsspec_profile'";
  return kind !== undefined && isWordList(kind) ? `-x -a '$__kmsspec_${kind}'` : '-x';
}

function argumentLines({ name }: TreeVerb, argument: TreeArgument, place: number): string[] {
  const when = argument.isVariadic ? `__kmsspec_verb ${name}` : `__kmsspec_place ${name} ${place}`;
  const line = (flags: string): string[] => [`complete -c kmsspec -n '${when}' ${flags}`];
  if (argument.kind === 'choice') return line(`-a ${quoted(argument.choices.join(' '))}`);
  if (argument.kind === 'file') return line('-F');
  return isWordList(argument.kind) ? line(`-a '$__kmsspec_${argument.kind}'`) : [];
}

const quoted = (words: string): string => `'${words.replace(/[\\']/g, '\\$&')}'`;

const FUNCTIONS = `function __kmsspec_needs_verb
    test (count (commandline -opc | string match -v -- '-*')) -eq 1
end
function __kmsspec_verb
    set -l words (commandline -opc | string match -v -- '-*')
    test (count $words) -ge 2; and test $words[2] = $argv[1]
end
# Options that take a value are not looked at: what they take counts as a place, which at worst offers too little.
function __kmsspec_place
    set -l words (commandline -opc | string match -v -- '-*')
    __kmsspec_verb $argv[1]; and test (math (count $words) - 2) -eq $argv[2]
end`;
