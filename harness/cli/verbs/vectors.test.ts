import { expect } from 'chai';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GROUP_NAMES } from '../../jobs/vectors';
import { runInProcess } from '../testing/in-process';
import { schemaText } from '../reference/schemas';

describe('vectors', function () {
  this.timeout(120_000);
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'kmsspec-vectors-'))));
  after(() => rmSync(folder, { recursive: true }));

  it('writes a file a group and their schema, and says how many there are', async () => {
    const { exitCode, stdout, stderr } = await runInProcess(['vectors', '--out', 'deep/all'], {
      cwd: folder,
    });
    expect([exitCode, stderr]).to.deep.equal([0, '']);
    const files = readdirSync(join(folder, 'deep/all'));
    const schema = 'kmsspec.vectors.1.json';
    expect(files.sort()).to.deep.equal([...GROUP_NAMES.map((group) => `${group}.json`), schema].sort());
    const read = (name: string): string => readFileSync(join(folder, 'deep/all', name), 'utf8');
    expect(read(schema)).to.equal(schemaText('vectors'));
    const counts = GROUP_NAMES.map((group) => {
      const file = JSON.parse(read(`${group}.json`)) as { group: string; vectors: object[] };
      expect(file.group).to.equal(group);
      return file.vectors.length;
    });
    const total = counts.reduce((sum, count) => sum + count, 0);
    expect(stdout).to.include(`${total} vectors in deep/all`);
    expect(total).to.be.at.least(2000);
  });

  it('needs a folder, and says so where it can be none', async () => {
    writeFileSync(join(folder, 'file'), '');
    const { exitCode, stderr } = await runInProcess(['vectors', '--out', 'file'], { cwd: folder });
    expect(exitCode).to.equal(2);
    expect(stderr).to.include('--out file cannot be made a folder (EEXIST): name another');
    expect((await runInProcess(['vectors'], { cwd: folder })).exitCode).to.equal(2);
  });
});
