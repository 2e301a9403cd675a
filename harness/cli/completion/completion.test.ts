import { expect } from 'chai';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../support/package-root';
import { manualPages } from '../man/page';
import { writeManualPages } from '../man/write-pages';
import { commandTree } from '../reference/command-tree';
import { runInProcess } from '../testing/in-process';
import { VERBS } from '../verbs';
import { WORD_LISTS } from './word-lists';

const tree = commandTree(VERBS);

describe('the tree of the command line', () => {
  it('has every verb, with what each option takes', () => {
    expect(tree.map(({ name }) => name)).to.deep.equal(VERBS.map(({ name }) => name));
    const run = tree.find(({ name }) => name === 'run')!;
    const kinds = Object.fromEntries(run.options.map(({ long, kind }) => [long, kind]));
    expect(kinds).to.include({
      '--json': 'file',
      '--scenarios': 'folder',
      '--fault': 'fault',
      '--require': 'requirement',
      '--key-group': 'choice',
      '--seed': 'word',
      '--quiet': undefined,
      '--help': undefined,
    });
  });

  it('says of every argument what it is', () => {
    const words = tree.flatMap(({ name, args }) =>
      args.filter(({ kind }) => kind === 'word').map((argument) => `${name} ${argument.name}`),
    );
    // Words of the user's own; whatever else there is would be completed by nothing.
    const own = ['stream notation', 'ctl port', 'ctl value', 'discover domains', 'diff A', 'diff B'];
    expect(words.filter((word) => !own.includes(word))).to.deep.equal([]);
  });

  it('gives shells no word that they would read', () => {
    const words = [
      ...Object.values(WORD_LISTS).flat(),
      ...tree.flatMap(({ options }) => options.flatMap(({ choices }) => choices)),
    ];
    expect(words.filter((word) => !/^[\w.-]+$/.test(word))).to.deep.equal([]);
  });
});

describe('kmsspec completion', () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    it(`${shell}: names every verb and option`, async () => {
      const { stdout, exitCode } = await runInProcess(['completion', shell]);
      expect(exitCode).to.equal(0);
      for (const { name, options } of tree) {
        expect(stdout).to.contain(name);
        for (const { long } of options)
          expect(stdout, name).to.contain(shell === 'fish' ? ` -l ${long.slice(2)}` : long);
      }
    });
  }

  it('refuses a shell that it does not know', async () => {
    const { exitCode, stderr } = await runInProcess(['completion', 'toString']);
    expect([exitCode, stderr]).to.deep.equal([
      2,
      'kmsspec: there is no completion for toString: one of bash, zsh, fish\n',
    ]);
  });
});

describe('manual pages', () => {
  it('are those that package.json names', () => {
    const { man } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
      man: string[];
    };
    expect(man).to.deep.equal(manualPages(tree, '0').map(({ file }) => `./dist/man/${file}`));
  });

  it('are written into a folder, with the version, and say the same whenever they are made', () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'kmsspec-man-')), 'man');
    writeManualPages(folder);
    expect(readdirSync(folder)).to.have.length(VERBS.length + 1);
    const page = readFileSync(join(folder, 'kmsspec-run.1'), 'utf8');
    expect(page).to.match(/^\.TH KMSSPEC\\-RUN 1 "" "kmsspec \d+\.\d+\.\d+"/);
    expect(page).to.contain('\\fB\\-\\-fault\\fR \\fINAME\\fR');
    rmSync(join(folder, '..'), { recursive: true });
    expect(existsSync(folder)).to.equal(false);
  });

  it('take text for text, whatever roff would read in it', () => {
    const verb = { name: 'x', summary: 'a\\b', args: [], options: [], notes: ".TH first\n'so second\nc-d" };
    const text = manualPages([verb], '1')[1]!.text;
    expect(text).to.contain("\n\\&.TH first\n\\&'so second\nc\\-d\n").and.contain('a\\eb');
  });
});
