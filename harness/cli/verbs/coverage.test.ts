import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInProcess } from '../testing/in-process';

describe('kmsspec coverage', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kmsspec-coverage-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('answers each line of standard input, from the file of a host', async () => {
    const file = join(folder, 'map');
    writeFileSync(file, Buffer.from([0, 3, 0, 1]));
    const { exitCode, stdout } = await runInProcess(['coverage', file], {
      stdin: ['coverage\ncov', 'erage\nreset\n'],
    });
    expect(exitCode).to.equal(0);
    expect(stdout).to.equal('ok 1:3 3:1\nok\nerror reset is not coverage\n');
  });

  it('says what is not there, and to start the host first', async () => {
    const { exitCode, stderr } = await runInProcess(['coverage', join(folder, 'nothing')]);
    expect(exitCode).to.equal(2);
    expect(stderr).to.contain('KMSSPEC_COVERAGE=').and.to.contain('ENOENT');
  });
});
