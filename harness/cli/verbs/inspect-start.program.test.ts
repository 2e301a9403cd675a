import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../support/package-root';

/** Tells at its end what a program has loaded. */
const TELL = `process.on('exit', () => process.stderr.write(JSON.stringify(Object.keys(require.cache))));`;

describe('the start of inspect', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'kmsspec-start-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const loadedBy = async (...argv: string[]): Promise<string[]> => {
    const tell = join(folder, 'tell.cjs');
    await writeFile(tell, TELL);
    const main = join(packageRoot(), 'dist/harness/cli/main.js');
    const capture = join(packageRoot(), 'captures/corpus/v4-mixed-growth.pcap');
    const args = ['-r', tell, main, 'inspect', capture, '--quiet', ...argv];
    const { stderr } = await promisify(execFile)(process.execPath, args, { cwd: folder });
    return JSON.parse(stderr) as string[];
  };

  it('loads neither the checker of histories nor what reads JSON files, unless it is asked for a history', async () => {
    const plain = await loadedBy();
    expect(plain.filter((file) => /node_modules.zod|model.history|history-/.test(file))).to.deep.equal([]);
    const asked = await loadedBy('--history', 'h.json');
    expect(asked.filter((file) => /history-checker/.test(file))).to.have.length(1);
    expect(asked.filter((file) => /node_modules.zod/.test(file))).to.deep.equal([]);
  });
});
