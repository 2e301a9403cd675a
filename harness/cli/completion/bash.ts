import type { TreeArgument, TreeOption, TreeVerb } from '../reference/command-tree';
import { isWordList, WORD_LISTS } from './word-lists';

/** What bash 3.2 and later run when Tab is pressed behind `kmsspec`: all in the shell, no program is started. */
export function bashCompletion(verbs: readonly TreeVerb[]): string {
  const lists = Object.entries(WORD_LISTS).map(([name, words]) => `_kmsspec_${name}="${words.join(' ')}"`);
  return [
    '# bash completion of kmsspec: source <(kmsspec completion bash)',
    ...lists,
    `_kmsspec_verbs="${['help', ...verbs.map(({ name }) => name)].join(' ')}"`,
    FUNCTIONS,
    '_kmsspec_options() { case "$1" in',
    ...verbs.map((verb) => `  ${verb.name}) echo "${optionNames(verb)}" ;;`),
    '  *) echo "--help --version" ;;',
    'esac; }',
    '# The value of an option, or nothing for a switch: fails where the option takes none.',
    '_kmsspec_value() { case "$1 $2" in',
    ...verbs.flatMap((verb) =>
      verb.options
        .filter(takesValue)
        .map((option) => `  "${verb.name} ${option.long}") ${action(option)} ;;`),
    ),
    '  *) return 1 ;;',
    'esac; }',
    '_kmsspec_argument() { case "$1 $2" in',
    ...verbs.flatMap((verb) =>
      verb.args.map((arg, i) => `  "${verb.name} "${arg.isVariadic ? '*' : i}) ${action(arg)} ;;`),
    ),
    '  "help 0") _kmsspec_words "$_kmsspec_verbs" ;;',
    'esac; }',
    'complete -o filenames -F _kmsspec kmsspec',
    '',
  ].join('\n');
}

const takesValue = ({ value }: TreeOption): boolean => value !== undefined;

const optionNames = ({ options }: TreeVerb): string => options.map(({ long }) => long).join(' ');

function action({ kind, choices }: TreeOption | TreeArgument): string {
  if (kind === undefined || kind === 'word') return ':';
  if (kind === 'choice') return `_kmsspec_words "${choices.join(' ')}"`;
  if (kind === 'folder') return '_kmsspec_files -d';
  if (kind === 'profile') return '_kmsspec_words "$_kmsspec_profile"; _kmsspec_files -f';
  return isWordList(kind) ? `_kmsspec_words "$_kmsspec_${kind}"` : '_kmsspec_files -f';
}

const FUNCTIONS = `_kmsspec_words() { COMPREPLY+=($(compgen -W "$1" -- "$cur")); }
_kmsspec_files() {
  local name
  while IFS= read -r name; do COMPREPLY+=("$name"); done < <(compgen "$1" -- "$cur")
}
_kmsspec() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD - 1]}" verb= at=1 place=0
  COMPREPLY=()
  # bash takes --option=value for three words.
  if [ "$cur" = "=" ]; then cur=; fi
  if [ "$prev" = "=" ]; then prev="\${COMP_WORDS[COMP_CWORD - 2]}"; fi
  while [ "$at" -lt "$COMP_CWORD" ]; do
    case "\${COMP_WORDS[at]}" in
      -*) if [ -n "$verb" ] && _kmsspec_takes "$verb" "\${COMP_WORDS[at]}"; then at=$((at + 1)); fi ;;
      *) if [ -z "$verb" ]; then verb="\${COMP_WORDS[at]}"; else place=$((place + 1)); fi ;;
    esac
    at=$((at + 1))
  done
  if [ -n "$verb" ] && _kmsspec_takes "$verb" "$prev"; then _kmsspec_value "$verb" "$prev"; return; fi
  case "$cur" in
    -*) _kmsspec_words "$(_kmsspec_options "$verb")" ;;
    *) if [ -z "$verb" ]; then _kmsspec_words "$_kmsspec_verbs"; else _kmsspec_argument "$verb" "$place"; fi ;;
  esac
}
_kmsspec_takes() { local COMPREPLY=() cur=; _kmsspec_value "$1" "$2" >/dev/null; }`;
