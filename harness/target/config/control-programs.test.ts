import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { checkControlPrograms, ConfigError } from '.';

describe('configuration', () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'config-test-'))));
  after(() => rm(folder, { recursive: true }));

  describe('the programs of controls', () => {
    const check = (words: string[]): void =>
      checkControlPrograms(
        { config: { controls: { reset: words } }, configFile: 'c.yaml', configFolder: folder },
        `/no/such/folder:${dirname(process.execPath)}`,
      );

    it('are found in the folder of the configuration and on the PATH', async () => {
      await writeFile(join(folder, 'ctl'), '#!/bin/sh\n', { mode: 0o755 });
      for (const program of ['./ctl', join(folder, 'ctl'), basename(process.execPath)])
        check([program, 'reset']);
    });

    it('are told by file and key where they cannot be run', async () => {
      await writeFile(join(folder, 'plain'), '#!/bin/sh\n', { mode: 0o644 });
      const wrong: [string, RegExp][] = [
        ['./none', /there is no program .*\/none: relative paths/],
        ['no-such-program', /no program "no-such-program" on the PATH/],
        ['./plain', /"\.\/plain" is not executable/],
        ['./', /is not executable/],
      ];
      for (const [program, problem] of wrong) {
        expect(() => check([program]), program)
          .to.throw(ConfigError, problem)
          .with.property('message')
          .that.matches(/^c\.yaml: controls\.reset: /);
      }
    });
  });
});
