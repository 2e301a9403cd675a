import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../harness/support/package-root';

/** Words that readers stumbled on, and what is said instead. */
const NOT_TO_USE: readonly (readonly [RegExp, string])[] = [
  [
    /\bHOLDS\b|\bFAILS {2}|Everything that was checked holds|\bTo mend:/,
    'PASSED or FAILED, and how many of how many',
  ],
  [/\b(?:does|do) not decide\b(?! the outcome)/, 'non-blocking'],
  [/sent nothing in time/, 'sent no reply to … within …'],
  [
    /\b(?:dialogue|heard out|overheard|befallen|to be asked whether)\b/i,
    'bound connection, drained, received',
  ],
  [/names no requirement/, 'unknown requirement'],
  [/a host that holds nothing/, 'an empty host'],
  [/what stood there before is as it was/, 'an existing file is unchanged'],
];

/** Folders whose sources print what people read. */
const PRINTING = [
  'reports',
  ...['cli', 'client', 'jobs', 'support', 'target', 'model', 'cases', 'lab-host'].map(
    (floor) => `harness/${floor}`,
  ),
  'protocol',
  'scenarios/catalogue',
  'scenarios/host',
];

function filesOf(folder: string, fits: (name: string) => boolean): string[] {
  return readdirSync(join(packageRoot(), folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => fits(name))
    .map((name) => join(folder, name));
}

/** What a source may print: its string literals. */
const literals = (source: string): string =>
  [...source.matchAll(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g)]
    .map(([text]) => text)
    .join('\n');

const printed = PRINTING.flatMap((folder) =>
  filesOf(folder, (name) => name.endsWith('.ts') && !/\.test\.ts$|\.system\.ts$|testing\//.test(name)),
);
const documents = ['README.md', 'CONTRIBUTING.md', ...filesOf('docs', (name) => /^[\w-]+\.md$/.test(name))];

const found = (text: string): string[] =>
  NOT_TO_USE.flatMap(([pattern, instead]) => {
    const [word] = pattern.exec(text) ?? [];
    return word === undefined ? [] : [`"${word}": ${instead}`];
  });

describe('words that people read', () => {
  it('are none of those that readers stumbled on, in documents and in what is printed', () => {
    const problems = [
      ...documents.map((file) => [file, readFileSync(join(packageRoot(), file), 'utf8')] as const),
      ...printed.map((file) => [file, literals(readFileSync(join(packageRoot(), file), 'utf8'))] as const),
    ].flatMap(([file, text]) => found(text).map((problem) => `${file}: ${problem}`));
    expect(problems).to.deep.equal([]);
  });

  it('would be told of, wherever they stand', () => {
    expect(found('HOLDS  Everything that was checked holds')).to.have.length(1);
    expect(found(literals("const a = 'SHOULD, does not decide';"))).to.have.length(1);
    expect(found(literals('// does not decide'))).to.deep.equal([]);
  });
});
