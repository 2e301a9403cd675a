import { expect } from 'chai';
import { spawn } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../support/package-root';
import { runInProcess } from '../testing/in-process';

const CAPTURE = join(packageRoot(), 'captures/corpus/v4-refused.pcap');
/** A bad file is told before anything is sent, and not by reading all of it. */
const LIMIT_MS = 5000;
const LARGE = 100 << 20;

/** Command lines that read a file of each kind. */
const READERS: Readonly<Record<string, (file: string) => string[]>> = {
  'a configuration': (file) => ['run', 'MSG-01', '--config', file],
  'a baseline': (file) => ['run', 'MSG-01', '--baseline', file],
  'a key file': (file) => ['run', 'MSG-01', '--mac-key', file],
  'a profile': (file) => ['run', 'MSG-01', '--profile', file],
  'a folder of scenarios': (file) => ['run', '--scenarios', file],
  'a fleet plan': (file) => ['fleet', '--plan', file],
  'a report to write again': (file) => ['report', file, '--markdown', '-'],
  'a report to compare': (file) => ['compare', file, file],
  'a shard to merge': (file) => ['merge', file, '--json', '-'],
  'a capture to inspect': (file) => ['inspect', file],
  'a capture to replay': (file) => ['replay', file],
  'an event log': (file) => ['correlate', CAPTURE, file],
};

/** What a file of any kind may be instead. */
const BAD: Readonly<Record<string, (file: string) => void>> = {
  missing: () => undefined,
  empty: (file) => writeFileSync(file, ''),
  'a folder': (file) => mkdirSync(file),
  'text in UTF-16': (file) => writeFileSync(file, Buffer.from('\ufefftarget: 127.0.0.1:1688\n', 'utf16le')),
  'text that is no UTF-8': (file) =>
    writeFileSync(file, Buffer.from([0x74, 0x3a, 0x20, 0xff, 0xfe, 0xc0, 0x0a])),
  prose: (file) => writeFileSync(file, 'Dear reader,\nthis is something else.\n'),
  '100 MB of zeros': (file) => {
    const handle = openSync(file, 'w');
    ftruncateSync(handle, LARGE);
    closeSync(handle);
  },
};

/** An empty file says nothing, which is no mistake of a configuration. */
const ALLOWED = new Set(['a configuration: empty']);

const YAML: Readonly<Record<string, readonly [text: string, told: RegExp]>> = {
  'a bomb of aliases': [
    `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
      .split('')
      .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[i]}`).join(',')}]`)
      .join('\n')}\n`,
    /alias|no such key/,
  ],
  'nesting without end': [`${'['.repeat(20_000)}`, /nested|YAML/],
  'a key of the prototype': ['__proto__: { target: 127.0.0.1:1 }\n', /__proto__/],
  'the constructor': ['constructor: { prototype: { polluted: true } }\n', /constructor/],
  'a key twice': ['profile: vista-2008\nprofile: vista-2008\n', /unique|twice|duplicate/i],
};

describe('bad files', () => {
  let folder: string;
  let next = 0;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-bad-'));
    chmodSync(folder, 0o755);
  });
  after(() => rmSync(folder, { recursive: true }));
  const newFile = (): string => join(folder, `file-${next++}`);

  for (const [kind, argv] of Object.entries(READERS)) {
    for (const [bad, make] of Object.entries(BAD)) {
      it(`tells ${kind} that is ${bad}`, async () => {
        const file = newFile();
        make(file);
        const startedAt = performance.now();
        const { exitCode, stderr } = await runInProcess(argv(file), { cwd: folder });
        expect(performance.now() - startedAt).to.be.lessThan(LIMIT_MS);
        if (ALLOWED.has(`${kind}: ${bad}`)) return void expect([exitCode, stderr]).to.deep.equal([0, '']);
        expect(exitCode, stderr).to.equal(2);
        checkTold(stderr, file);
      });
    }
  }

  for (const [bad, [text, told]] of Object.entries(YAML)) {
    for (const kind of ['a configuration', 'a baseline', 'a profile', 'a fleet plan']) {
      it(`tells ${bad} in ${kind}`, async () => {
        const file = newFile();
        writeFileSync(file, text);
        const { exitCode, stderr } = await runInProcess(READERS[kind]!(file), { cwd: folder });
        expect(exitCode, stderr).to.equal(2);
        checkTold(stderr, file);
        if (kind === 'a configuration') expect(stderr).to.match(told);
        expect(({} as { polluted?: boolean }).polluted).to.equal(undefined);
      });
    }
  }

  it('says what an unknown key may have been meant for, and where', async () => {
    const file = newFile();
    writeFileSync(file, 'profile: vista-2008\ntagret: 127.0.0.1:1688\n');
    const { exitCode, stderr } = await runInProcess(['run', '--config', file], { cwd: folder });
    expect(exitCode).to.equal(2);
    expect(stderr).to.contain(`${file}:2`).and.contain('did you mean target?');
  });

  for (const [kind, argv] of Object.entries(READERS)) {
    it(`tells ${kind} that may not be read`, async () => {
      const file = newFile();
      if (kind === 'a folder of scenarios') mkdirSync(file);
      else writeFileSync(file, 'x');
      chmodSync(file, 0);
      const { exitCode, stderr } = await asNobody(argv(file), folder);
      expect(exitCode, stderr).to.equal(2);
      checkTold(stderr, file);
    });
  }
});

function checkTold(stderr: string, file: string): void {
  expect(stderr)
    .to.match(/^kmsspec: /)
    .and.contain(file);
  expect(stderr).to.not.match(/unexpected:|\n {4}at /);
  expect(stderr.trimEnd().split('\n').length, stderr).to.be.at.most(2);
}

/** Root may read anything: there the program runs as a user that may not. */
function asNobody(
  argv: readonly string[],
  cwd: string,
): Promise<{ exitCode: number | null; stderr: string }> {
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const child = spawn(process.execPath, [join(packageRoot(), 'dist/harness/cli/main.js'), ...argv], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 20_000,
    ...user,
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, stderr }));
  });
}
