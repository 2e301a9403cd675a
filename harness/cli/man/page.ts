import type { TreeArgument, TreeOption, TreeVerb } from '../reference/command-tree';

/** A manual page of section 1: the name of its file, and roff with the `man` macros. */
export interface ManualPage {
  readonly file: string;
  readonly text: string;
}

const ABOUT = 'conformance harness and fuzzer for KMS hosts';

/** kmsspec(1) and a page for each verb, from commander's tree. */
export function manualPages(verbs: readonly TreeVerb[], version: string): ManualPage[] {
  return [
    { file: 'kmsspec.1', text: mainPage(verbs, version) },
    ...verbs.map((verb) => ({ file: `kmsspec-${verb.name}.1`, text: verbPage(verb, version) })),
  ];
}

function mainPage(verbs: readonly TreeVerb[], version: string): string {
  return page('kmsspec', version, [
    ['NAME', `kmsspec \\- ${roff(ABOUT)}`],
    ['SYNOPSIS', '.B kmsspec\n.I VERB\n[options]'],
    [
      'DESCRIPTION',
      roff(
        'It tests hosts of the Key Management Service; it activates nothing. Each verb has a page of its own.',
      ),
    ],
    ['VERBS', verbs.map(({ name, summary }) => term(`.BR kmsspec\\-${roff(name)} (1)`, summary)).join('\n')],
    ['EXIT STATUS', exitStatus()],
    ['FILES', term('.I kmsspec.yaml', 'the configuration; that of the working directory is read by itself')],
  ]);
}

function verbPage(verb: TreeVerb, version: string): string {
  const name = `kmsspec-${verb.name}`;
  const words = [...verb.args.map(argumentWord), '[options]'].map(roff).join(' ');
  return page(name, version, [
    ['NAME', `${roff(name)} \\- ${roff(verb.summary)}`],
    ['SYNOPSIS', `.B kmsspec ${roff(verb.name)}\n${words}`],
    ['OPTIONS', verb.options.map(optionTerm).join('\n')],
    ...(verb.notes === '' ? [] : ([['NOTES', `.nf\n${roff(verb.notes)}\n.fi`]] as const)),
    ['EXIT STATUS', exitStatus()],
    ['SEE ALSO', '.BR kmsspec (1)'],
  ]);
}

const page = (name: string, version: string, sections: readonly (readonly [string, string])[]): string =>
  [
    `.TH ${roff(name).toUpperCase()} 1 "" "kmsspec ${roff(version)}" "kmsspec"`,
    ...sections.flatMap(([title, text]) => [`.SH ${title}`, text]),
    '',
  ].join('\n');

const term = (head: string, text: string): string => `.TP\n${head}\n${roff(text)}`;

function optionTerm(option: TreeOption): string {
  const names = option.short === undefined ? option.long : `${option.short}, ${option.long}`;
  const value = option.value === undefined ? '' : ` \\fI${roff(option.value)}\\fR`;
  const choices =
    option.choices.length === 0 || option.choices.length > 12 ? '' : ` (${option.choices.join(', ')})`;
  return `.TP\n\\fB${roff(names)}\\fR${value}\n${roff(option.description + choices)}`;
}

function argumentWord({ name, isRequired, isVariadic }: TreeArgument): string {
  const word = name.toUpperCase() + (isVariadic ? '...' : '');
  return isRequired ? word : `[${word}]`;
}

const EXIT_STATUS: readonly (readonly [string, string])[] = [
  ['0', 'everything asked for was checked and holds'],
  ['1', 'a requirement of a level in --fail-on failed, a finding, a regression'],
  ['2', 'wrong usage or configuration, or a file that cannot be read'],
  ['3', 'the target could not be reached, or went away by itself'],
  ['4', 'nothing was conclusive'],
  ['130, 143', 'interrupted, terminated'],
];

const exitStatus = (): string => EXIT_STATUS.map(([code, text]) => term(`.B ${code}`, text)).join('\n');

/** Text as roff prints it: hyphens that can be copied, and no line that is taken for a request. */
const roff = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/gm, '\\&');
