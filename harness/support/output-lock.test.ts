import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockOutput } from './output-lock';
import { UsageError } from './usage-error';

/** Holds a lock of every kind, until it is killed. */
const HOLDER = `
require('ts-node/register/transpile-only');
const { lockOutput } = require(process.argv[1]);
Promise.all(['linux', 'darwin'].map((platform) => lockOutput(process.argv[2], platform))).then(() => { process.send('held'); setInterval(() => 0, 1000); });`;

const PLATFORMS = ['linux', 'darwin'] as const;

async function refusal(file: string, platform: NodeJS.Platform): Promise<unknown> {
  try {
    await (await lockOutput(file, platform)).release();
    return null;
  } catch (error) {
    return error;
  }
}

describe('the lock of an output', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'lock-test-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  for (const platform of PLATFORMS) {
    it(`is held by one at a time, under every name of it (as on ${platform})`, async () => {
      const [file, link, dir] = [join(folder, 'new'), join(folder, 'link'), join(folder, 'dir')];
      symlinkSync(folder, link);
      mkdirSync(dir);
      for (const [held, same] of [
        [file, join(link, 'new')],
        [dir, join(link, 'dir')],
      ] as const) {
        const lock = await lockOutput(held, platform);
        expect(await refusal(same, platform)).to.be.instanceOf(UsageError);
        expect(await refusal(join(folder, 'other'), platform)).to.equal(null);
        await lock.release();
        expect(await refusal(same, platform)).to.equal(null);
      }
      writeFileSync(file, '');
      expect(await refusal(file, platform)).to.equal(null);
    });
  }

  it('goes with the process that held it when that is killed', async () => {
    const file = join(folder, 'killed');
    const child = spawn(process.execPath, ['-e', HOLDER, require.resolve('./output-lock'), file], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    await once(child, 'message');
    for (const platform of PLATFORMS) expect(await refusal(file, platform)).to.be.instanceOf(UsageError);
    child.kill('SIGKILL');
    await once(child, 'close');
    for (const platform of PLATFORMS) expect(await refusal(file, platform)).to.equal(null);
  });

  it('leaves devices to many', async () => {
    const lock = await lockOutput('/dev/null');
    expect(await refusal('/dev/null', process.platform)).to.equal(null);
    await lock.release();
  });
});
