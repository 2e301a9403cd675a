import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { requirePrograms } from '../../../reports/testing/require-programs';
import { packageRoot } from '../../support/package-root';
import { SETUP_LINES } from './setup-lines';

/** How each shell is asked, started as for a person, what it has for `kmsspec`, or offers for `kmsspec completion f`. */
const ASKED: Readonly<Record<string, readonly [args: readonly string[], answer: string]>> = {
  bash: [['-i', '-c', 'complete -p kmsspec'], 'complete -o filenames -F _kmsspec kmsspec'],
  zsh: [['-i', '-c', 'print -r -- $_comps[kmsspec]'], '_kmsspec'],
  fish: [['-i', '-c', 'complete -C "kmsspec completion f"'], 'fish'],
};

describe('the lines that set completion up', function () {
  this.timeout(60_000);
  let home: string;
  before(() => requirePrograms({ bash: 'bash', zsh: 'zsh', fish: 'fish' }));
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'kmsspec-home-'));
    const program = join(home, 'bin', 'kmsspec');
    mkdirSync(join(home, 'bin'));
    const main = join(packageRoot(), 'dist/harness/cli/main.js');
    writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
    chmodSync(program, 0o755);
  });
  afterEach(() => rmSync(home, { recursive: true }));

  /** As for somebody who has an empty home: no settings of ours or of XDG's. */
  const output = (shell: string, args: readonly string[]): string =>
    execFileSync(shell, args, {
      cwd: home,
      encoding: 'utf8',
      env: { HOME: home, TERM: 'xterm', PATH: [join(home, 'bin'), process.env['PATH']].join(delimiter) },
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();

  for (const [shell, lines] of Object.entries(SETUP_LINES)) {
    it(`make ${shell} complete in an empty home, pasted as they are`, () => {
      const [args, answer] = ASKED[shell]!;
      let before = '';
      try {
        before = output(shell, args);
      } catch {
        // bash fails where it knows none.
      }
      expect(before).not.to.include(answer);
      expect(output(shell, ['-c', lines.join('\n')])).to.equal('');
      expect(output(shell, args)).to.equal(answer);
    });
  }
});
