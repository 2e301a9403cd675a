import { expect } from 'chai';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../package-root';

/** 1 MB, as people read it on a registry's page. */
const MAX_TARBALL = 1_000_000;

/** One command for each exit code that ends by itself; those of signals are in signals.test.ts. */
const EXIT_CODES: readonly (readonly [number, ...string[]])[] = [
  [0, 'run', 'MSG-01'],
  [1, 'run', 'MSG-02', '--fault', 'nil-cmid'],
  [2, 'run', 'CNT-99'],
  [3, 'run', 'MSG-01', '--target', '127.0.0.1:1'],
  [4, 'run', 'KEY'],
];

describe('the package, as its users install it', function () {
  this.timeout(300_000);
  let folder: string;
  let tarball: string;

  const inFolder = (program: string, ...args: string[]): string =>
    execFileSync(program, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-package-'));
    const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
      cwd: packageRoot(),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    tarball = join(folder, packed.trim().split('\n').at(-1)!);
    inFolder('npm', 'install', '--omit=dev', '--no-audit', '--no-fund', '--silent', tarball);
  });

  after(() => rmSync(folder, { recursive: true }));

  it('is a tarball under 1 MB', () => {
    expect(statSync(tarball).size).to.be.lessThan(MAX_TARBALL);
  });

  it('holds what is needed and nothing else', () => {
    const files = inFolder('tar', 'tzf', tarball).trim().split('\n');
    const kept =
      /^package\/(dist\/|docs\/[^/]+\.md$|captures\/corpus\/[^/]+\.(pcap|json)$|reports\/schema\/|(package\.json|README\.md|LICENSE|CHANGELOG\.md)$)/;
    expect(files.filter((file) => !kept.test(file))).to.deep.equal([]);
    expect(files.filter((file) => /\.test\.|\.system\.|\/testing\//.test(file))).to.deep.equal([]);
    for (const file of [
      'package/LICENSE',
      'package/dist/harness/cli/main.js',
      'package/dist/protocol/index.d.ts',
    ]) {
      expect(files).to.include(file);
    }
  });

  it('runs by npx in an empty folder, without the repository', () => {
    expect(inFolder('npx', 'kmsspec', 'run', 'CNT-01', '--quiet')).to.match(/1 passed/);
    const capture = 'node_modules/kmsspec/captures/corpus/v4-threshold-clients.pcap';
    expect(inFolder('npx', 'kmsspec', 'replay', capture)).to.match(/30 answers agree, 0 differ/);
  });

  for (const [code, ...args] of EXIT_CODES) {
    it(`ends with ${code} after kmsspec ${args.join(' ')}`, () => {
      const ended = spawnSync(join(folder, 'node_modules', '.bin', 'kmsspec'), args, {
        cwd: folder,
        encoding: 'utf8',
      });
      expect(ended.status, ended.stdout + ended.stderr).to.equal(code);
    });
  }

  it('runs every suite as the repository does', () => {
    expect(inFolder('npx', 'kmsspec', 'run', '--quiet')).to.match(/HOLDS/);
  });

  for (const name of ['protocol', 'captures', 'harness', 'scenarios', 'reports']) {
    it(`gives kmsspec/${name} to require and to import`, () => {
      const count = `console.log(Object.keys(m).length)`;
      expect(
        Number(inFolder('node', '-e', `const m = require('kmsspec/${name}'); ${count}`)),
      ).to.be.greaterThan(0);
      expect(
        Number(
          inFolder('node', '--input-type=module', '-e', `import * as m from 'kmsspec/${name}'; ${count}`),
        ),
      ).to.be.greaterThan(0);
    });
  }
});
