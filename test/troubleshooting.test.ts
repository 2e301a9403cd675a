import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { OUTCOMES } from '../captures';
import { documentedCommands } from '../harness/cli/testing/documented-commands';
import { runInProcess } from '../harness/cli/testing/in-process';
import { packageRoot } from '../harness/support/package-root';

const PAGE = 'docs/troubleshooting.md';
const text = readFileSync(join(packageRoot(), PAGE), 'utf8');

/** What the page says each command prints: the block of text behind it. */
const PRINTED = [...text.matchAll(/```sh\n(.*)\n```\n\n```text\n([\s\S]*?)\n```/g)].map(
  ([, command, printed]) => [command!, printed!] as const,
);

const withoutTrailingBlanks = (lines: string): string =>
  lines
    .trim()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');

describe(`${PAGE}: what each command prints`, () => {
  it('has a block of text behind each command', () => {
    expect(PRINTED.map(([command]) => command)).to.deep.equal(
      documentedCommands(PAGE).map((one) => one.text),
    );
  });

  for (const [command, printed] of PRINTED) {
    it(command, async () => {
      const [, ...words] = command.split(' ');
      const { stdout } = await runInProcess(words, { cwd: packageRoot() });
      expect(withoutTrailingBlanks(stdout)).to.equal(printed);
    });
  }

  it('has every way to fail that is told', () => {
    for (const [outcome, { summary, meaning }] of Object.entries(OUTCOMES))
      expect(text, outcome).to.contain(summary).and.contain(meaning);
  });

  it('names the codes that clients show', () => {
    for (const code of ['0xC004F074', '0xC004F038', '0xC004F042', '0xC004F06C', '0x8007232B', '0x800706BA'])
      expect(text).to.contain(code);
  });
});
