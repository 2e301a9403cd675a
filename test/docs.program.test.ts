import { expect } from 'chai';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LabHost, startLabHost } from '../harness/lab-host';
import { packageRoot } from '../harness/support/package-root';
import {
  type DocumentedCommand,
  documentationFiles,
  documentedCommands,
} from '../harness/cli/testing/documented-commands';
import { runInProcess } from '../harness/cli/testing/in-process';
import { runInstalled } from '../harness/cli/testing/installed';

/** The address that the pages write for a host of the reader's; a lab host stands in for it. */
const DOCUMENTED_TARGET = '127.0.0.1:1688';
/** Verbs that run until they are interrupted. */
const SERVES = new Set(['host', 'record']);
const SERVING = /listening on |Ctrl-C ends it/;

describe('every command in README and docs/, as written', () => {
  let host: LabHost;
  let folder: string;

  before(async () => {
    host = await startLabHost({});
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-docs-'));
    for (const name of ['captures', 'examples']) symlinkSync(join(packageRoot(), name), join(folder, name));
  });

  after(async () => {
    await host.close();
    rmSync(folder, { recursive: true });
  });

  const run = (command: DocumentedCommand) => {
    const words = command.words.map((word) => (word === DOCUMENTED_TARGET ? `127.0.0.1:${host.port}` : word));
    const serves = SERVES.has(command.words[0] ?? '');
    // What ends by itself is called in this process, which shows the same and starts no program for each of a hundred lines.
    return serves
      ? runInstalled(words, { cwd: folder, interruptWhen: SERVING })
      : runInProcess(words, { cwd: folder });
  };

  for (const file of documentationFiles()) {
    // One page after another, as its reader goes: a later line may use what an earlier one wrote.
    it(file, async function () {
      this.timeout(120_000);
      for (const command of documentedCommands(file)) {
        const { exitCode, stderr } = await run(command);
        const expected = SERVES.has(command.words[0] ?? '') ? 130 : command.exitCode;
        expect(exitCode, `${command.file}:${command.line}: ${command.text}\n${stderr}`).to.equal(expected);
      }
    });
  }

  it('finds the commands of the README', () => {
    expect(documentedCommands('README.md').length).to.be.greaterThan(5);
  });
});
