import { expect } from 'chai';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  closeSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CaptureFile } from '../client/capture-file';
import { openOutput } from '../cli/output/output';
import { isSameFile } from './output-place';
import { checkWritable, whenRead, writeFileSafely } from './safe-file';

const NEW = 'new\n';

/** Every way in which a file is written. */
const WRITERS: Readonly<Record<string, (file: string) => Promise<unknown>>> = {
  whole: (file) => writeFileSafely(file, NEW),
  'piece by piece': async (file) => {
    const output = await openOutput(file, { stdout: process.stdout, cwd: '/' });
    await output.write(NEW);
    await output.finish();
  },
  'as a capture': async (file) => (await whenRead(() => new CaptureFile(file))).close(),
};
const isRoot = process.getuid?.() === 0;

describe('an output', () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'output-test-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  for (const [how, write] of Object.entries(WRITERS)) {
    it(`written ${how} keeps the mode and owner of the file that it replaces`, async () => {
      writeFileSync(at('old'), 'old');
      chmodSync(at('old'), 0o640);
      if (isRoot) chownSync(at('old'), 12, 34);
      await write(at('old'));
      const { mode, uid, gid } = statSync(at('old'));
      expect(mode & 0o7777).to.equal(0o640);
      if (isRoot) expect([uid, gid]).to.deep.equal([12, 34]);
      expect(readFileSync(at('old'), 'latin1')).to.not.equal('old');
      expect(readdirSync(folder)).to.deep.equal(['old']);
    });

    it(`written ${how} follows links to their file, also where there is none yet`, async () => {
      writeFileSync(at('file'), 'old');
      symlinkSync('file', at('link'));
      symlinkSync('link', at('link2'));
      symlinkSync('missing', at('dangling'));
      for (const link of ['link2', 'dangling']) {
        await write(at(link));
        expect(lstatSync(at(link)).isSymbolicLink()).to.equal(true);
      }
      expect(readFileSync(at('file'), 'latin1')).to.not.equal('old');
      expect(readdirSync(folder).sort()).to.deep.equal(['dangling', 'file', 'link', 'link2', 'missing']);
    });

    it(`written ${how} goes into a device, and leaves it one`, async () => {
      const device = '/dev/null';
      await checkWritable(device);
      await write(device);
      expect(statSync(device).isCharacterDevice()).to.equal(true);
    });

    it(`written ${how} goes into a FIFO that is read`, async function () {
      if (process.platform === 'win32') return;
      execFileSync('mkfifo', [at('fifo')]);
      const reader = spawn('cat', [at('fifo')], { stdio: ['ignore', 'pipe', 'inherit'] });
      const read = once(reader.stdout, 'data') as Promise<[Buffer]>;
      await write(at('fifo'));
      expect((await read)[0].length).to.be.greaterThan(0);
      expect(statSync(at('fifo')).isFIFO()).to.equal(true);
    });

    it(`written ${how} goes on where an open descriptor is`, async () => {
      const descriptor = openSync(at('log'), 'w');
      writeSync(descriptor, 'before\n');
      for (const name of [`/dev/fd/${descriptor}`, `/proc/self/fd/${descriptor}`]) await write(name);
      closeSync(descriptor);
      expect(readFileSync(at('log'), 'latin1')).to.match(/^before\n./s);
      expect(readdirSync(folder)).to.deep.equal(['log']);
    });

    it(`written ${how} is no trap: what waits under a guessed name is not written to`, async () => {
      writeFileSync(at('victim'), 'victim');
      writeFileSync(at('out'), 'old');
      symlinkSync('victim', at(`out.tmp-${process.pid}`));
      await write(at('out'));
      expect(readFileSync(at('victim'), 'utf8')).to.equal('victim');
    });
  }

  it('is told where its descriptor or its links lead nowhere', async () => {
    symlinkSync('a', at('b'));
    symlinkSync('b', at('a'));
    for (const [file, why] of [
      ['/dev/fd/987654', /not open/],
      [at('a'), /links/],
    ] as const) {
      const failed = await checkWritable(file).then(
        () => '',
        (error: Error) => error.message,
      );
      expect(failed).to.match(why);
    }
  });

  it('is the same file under every name', () => {
    writeFileSync(at('file'), '');
    symlinkSync('file', at('link'));
    symlinkSync(folder, at('folder'));
    expect(isSameFile(at('file'), at('link'))).to.equal(true);
    expect(isSameFile(at('file'), join(at('folder'), 'file'))).to.equal(true);
    expect(isSameFile(at('new'), join(at('folder'), 'new'))).to.equal(true);
    expect(isSameFile(at('file'), at('new'))).to.equal(false);
    expect(isSameFile('/dev/null', '/dev/null')).to.equal(false);
  });
});
