import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requirePrograms } from '../../../reports/testing/require-programs';
import { manualPages } from '../man/page';
import { commandTree } from '../reference/command-tree';
import { VERBS } from '../verbs';
import { bashCompletion } from './bash';
import { fishCompletion } from './fish';
import { zshCompletion } from './zsh';

/** A line up to where Tab is pressed, and all that is offered, or some of it. */
const LINES: readonly (readonly [string, readonly string[]])[] = [
  ['kmsspec sch', ['schema']],
  ['kmsspec run --fa', ['--fail-on', '--fault']],
  ['kmsspec run --fault cap-4', ['cap-49']],
  ['kmsspec run --key-group r2', ['r2-a', 'r2-b', 'r2-c']],
  ['kmsspec run CACHE-0', Array.from({ length: 9 }, (_, i) => `CACHE-0${i + 1}`)],
  ['kmsspec run --seed 5 CNT-01 CACHE-12', ['CACHE-12']],
  ['kmsspec run --fail-on SHO', ['SHOULD']],
  ['kmsspec ctl 1700 re', ['reset', 'restart']],
  ['kmsspec list pro', ['profiles', 'products']],
  ['kmsspec completion z', ['zsh']],
  ['kmsspec help schem', ['schema']],
  ['kmsspec inspect ./rec', ['./recorded.pcap']],
  ['kmsspec run --baseline ./rec', ['./recorded.pcap']],
  ['kmsspec ctl ', []],
];

const tree = commandTree(VERBS);

describe('completion and manual pages, in the programs that read them', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    requirePrograms({ bash: 'bash', zsh: 'zsh', fish: 'fish', man: 'man-db' });
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-shells-'));
    writeFileSync(join(folder, 'recorded.pcap'), '');
    writeFileSync(join(folder, 'c.bash'), bashCompletion(tree));
    writeFileSync(join(folder, 'c.zsh'), zshCompletion(tree));
    writeFileSync(join(folder, 'c.fish'), fishCompletion(tree));
  });
  after(() => rmSync(folder, { recursive: true }));

  const output = (program: string, ...args: string[]): string[] =>
    execFileSync(program, args, {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, HOME: folder, TERM: 'xterm' },
    }).split(/\r?\n/);

  const PRESS =
    'source ./c.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _kmsspec; printf "%s\\n" "${COMPREPLY[@]}"';
  const offered: Readonly<Record<string, (line: string) => string[]>> = {
    bash: (line) => output('bash', '--norc', '-c', PRESS, 'bash', ...line.split(' ')),
    zsh: (line) =>
      output('zsh', '-f', join(__dirname, '../testing/complete.zsh'), './c.zsh', line)
        // What is typed stands in front of the first; what is read from the terminal may be echoed.
        .map((text) => /HIT:([^\s}$]+)$/.exec(text)?.[1] ?? '')
        // zsh completes the last part of a path.
        .map((hit) => hit.replace(/^recorded/, './recorded')),
    fish: (line) =>
      output('fish', '--no-config', '-c', 'source ./c.fish; complete -C "$argv[1]"', line).map(
        (hit) => hit.split('\t')[0]!,
      ),
  };

  for (const [shell, press] of Object.entries(offered)) {
    for (const [line, words] of LINES) {
      it(`${shell} offers ${words.join(' ') || 'nothing'} for ${line}`, () => {
        const found = new Set(press(line).filter((word) => word !== ''));
        expect([...found].sort()).to.deep.equal([...words].sort());
      });
    }
  }

  it('every manual page is read without a warning, and has all options of its verb', () => {
    for (const { file, text } of manualPages(tree, '1.2.3')) {
      writeFileSync(join(folder, file), text);
      const page = execFileSync('man', ['--warnings', '-l', file], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, MANWIDTH: '100', MAN_KEEP_FORMATTING: '', LC_ALL: 'C.UTF-8' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      expect(page, file).to.contain('EXIT STATUS');
      const verb = tree.find(({ name }) => file === `kmsspec-${name}.1`);
      for (const { long } of verb?.options ?? [])
        expect(page, file).to.match(new RegExp(`^ +.*${long}\\b`, 'm'));
    }
    const problems = output('sh', '-c', 'man --warnings -l kmsspec-run.1 2>&1 >/dev/null');
    expect(problems.filter((line) => line !== '')).to.deep.equal([]);
  });
});
