import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../support/package-root';
import { sealed } from '../../../jobs/fuzz/journal-lines';
import { ANY_LIST } from './json-inputs';
import { type BegunFile, filled, type LargeInput, numbered } from './large-input';

const FOLDER = 'found';
const CAMPAIGN = ['fuzz', '--levels', 'pdu', '--seed', '1', '--runs', '256', '--out', FOLDER];
const WITH_FEEDBACK = [...CAMPAIGN, '--feedback', 'answers'];

/** Runs the campaign, and tells what it left behind: the same line then takes that up. */
const leaves =
  (argv: readonly string[], name: RegExp) =>
  (cwd: string): string => {
    spawnSync(process.execPath, [join(packageRoot(), 'dist/harness/cli/main.js'), ...argv], {
      cwd,
      stdio: 'ignore',
    });
    const found = readdirSync(join(cwd, FOLDER)).find((file) => name.test(file));
    if (found === undefined) throw new Error(`no file ${name} in ${FOLDER}`);
    return join(cwd, FOLDER, found);
  };

const JOURNAL = /^journal-([0-9a-f]+)\.jsonl$/;
const campaignOf = (file: string): string => JOURNAL.exec(file.slice(file.lastIndexOf('journal-')))![1]!;
const BLOCK = ['{"block":0,"cases":1,"coverage":{},"remarks":{},"hits":{},"findings":[', ']}'] as const;

const lastLine = (text: string): string => `${text.trimEnd().split('\n').at(-1)!}\n`;

const JOURNALS: Readonly<Record<string, (bytes: number, begun: BegunFile) => string>> = {
  'one block again and again': (bytes, { text }) => filled(bytes, { before: text, piece: lastLine(text) }),
  'blocks without end': (bytes, { file, text }) => {
    const campaign = campaignOf(file);
    const piece = (i: number): string => `${sealed(BLOCK.join('').replace(':0', `:${i}`), campaign)}\n`;
    return numbered(bytes, { before: text, piece });
  },
  'lines of another campaign': (bytes, { text }) =>
    filled(bytes, { before: text, piece: `${sealed(BLOCK.join(''), 'other')}\n` }),
  'empty lines': (bytes, { text }) => filled(bytes, { before: text, piece: '\n' }),
  'one line': (bytes, { text }) => filled(bytes, { before: text, piece: 'x' }),
  ...Object.fromEntries(
    Object.entries(ANY_LIST).map(([shape, make]) => [
      `${shape} for findings`,
      (bytes: number, { file, text }: BegunFile) =>
        `${text}${sealed(make(bytes - text.length - 100, BLOCK), campaignOf(file))}\n`,
    ]),
  ),
};

const KEPT: Readonly<Record<string, (bytes: number, begun: BegunFile) => string>> = {
  'one case again and again': (bytes, { text }) => filled(bytes, { before: text, piece: lastLine(text) }),
  'empty lines': (bytes, { text }) => filled(bytes, { before: text, piece: '\n' }),
  'empty objects': (bytes, { text }) => filled(bytes, { before: text, piece: '{}\n' }),
  ...Object.fromEntries(
    Object.entries(ANY_LIST).map(([shape, make]) => [
      `${shape} for steps`,
      (bytes: number) => make(bytes, ['{"steps":[', ']}']),
    ]),
  ),
};

/** What a campaign that is taken up reads. */
export const JOURNAL_INPUTS: readonly LargeInput[] = [
  ...Object.entries(JOURNALS).map(([shape, make]) => ({
    ...{ format: 'a journal', shape, make },
    begin: leaves(CAMPAIGN, JOURNAL),
    argv: () => CAMPAIGN,
  })),
  ...Object.entries(KEPT).map(([shape, make]) => ({
    ...{ format: 'cases that were kept', shape, make },
    begin: leaves(WITH_FEEDBACK, /^kept-cases/),
    argv: () => WITH_FEEDBACK,
  })),
];
