import type { TreeArgument, TreeOption, TreeVerb } from '../reference/command-tree';
import { isWordList, WORD_LISTS } from './word-lists';

/** A completion function of zsh, by its own `_arguments`: descriptions come with it. */
export function zshCompletion(verbs: readonly TreeVerb[]): string {
  const lists = Object.entries(WORD_LISTS).map(
    ([name, words]) => `_kmsspec_${name}() { local words_=(${words.join(' ')}); compadd -a words_; }`,
  );
  return [
    '#compdef kmsspec',
    '# zsh completion of kmsspec; kmsspec help completion says where it goes',
    ...lists,
    '_kmsspec_profile_or_file() { _kmsspec_profile; _files; }',
    '_kmsspec_verbs() {',
    '  local verbs_=(',
    ...verbs.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`),
    "    'help:the options of a verb'",
    '  )',
    "  _describe 'verb' verbs_",
    '}',
    '_kmsspec() {',
    '  local curcontext="$curcontext" state line',
    "  _arguments -C '--help[the verbs]' '--version[the version]' '1:verb:_kmsspec_verbs' '*::argument:->rest'",
    '  [[ $state == rest ]] || return',
    '  case $line[1] in',
    ...verbs.flatMap((verb) => [
      `    ${verb.name}) _arguments \\`,
      ...[...verb.options.map(optionSpec), ...verb.args.map(argumentSpec)].map(
        (spec, i, all) => `      ${quoted(spec)}${i === all.length - 1 ? ' ;;' : ' \\'}`,
      ),
    ]),
    "    help) _arguments '1:verb:_kmsspec_verbs' ;;",
    '  esac',
    '}',
    'if [ "$funcstack[1]" = "_kmsspec" ]; then _kmsspec "$@"; else compdef _kmsspec kmsspec; fi',
    '',
  ].join('\n');
}

/** Several of an option may stand in a line: lists are given so. */
const optionSpec = (option: TreeOption): string => {
  const head = `*${option.long}[${text(option.description)}]`;
  return option.value === undefined ? head : `${head}:${text(option.value)}:${action(option)}`;
};

const argumentSpec = (argument: TreeArgument): string =>
  `${argument.isVariadic ? '*' : ''}:${argument.isRequired ? '' : argument.isVariadic ? '' : ':'}${text(argument.name)}:${action(argument)}`;

function action({ kind, choices }: TreeOption | TreeArgument): string {
  if (kind === undefined || kind === 'word') return ' ';
  if (kind === 'choice') return `(${choices.join(' ')})`;
  if (kind === 'folder') return '_files -/';
  if (kind === 'profile') return '_kmsspec_profile_or_file';
  return isWordList(kind) ? `_kmsspec_${kind}` : '_files';
}

/** What `_arguments` would read as its own. */
const text = (words: string): string => words.replace(/[\[\]:\\]/g, '\\$&');

const quoted = (words: string): string => `'${words.replaceAll("'", "'\\''")}'`;
