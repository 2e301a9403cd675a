import { expect } from 'chai';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
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
      const required = inFolder('node', '-p', `Object.keys(require('kmsspec/${name}')).sort().join()`);
      // Node reads off the source which names a module has: those it cannot see cannot be imported.
      const program = `import * as m from 'kmsspec/${name}'; console.log(Object.keys(m).filter((key) => !/^(default|__esModule|module.exports)$/.test(key)).sort().join())`;
      const imported = inFolder('node', '--input-type=module', '-e', program);
      expect(required.split(',').length).to.be.greaterThan(10);
      expect(imported).to.equal(required);
    });
  }

  it('types what it gives, in modules of either kind, and runs what was compiled against it', () => {
    const program = [
      "import { readExchanges } from 'kmsspec/captures';",
      "import { HostFailure, parseStream } from 'kmsspec/harness';",
      "import { kmsRequest, type KmsRequest } from 'kmsspec/protocol';",
      "import { parseReport } from 'kmsspec/reports';",
      "import { expect, requirement } from 'kmsspec/scenarios';",
      'export const name = (request: KmsRequest): string => request.workstationName.toString();',
      '// @ts-expect-error a program is no number',
      "export const wrong: number = parseStream('server*5');",
      "// @ts-expect-error chai's assertions are typed: there is none of this name",
      'export const assertion = () => expect(1).to.equals_nothing;',
      'console.log([readExchanges, HostFailure, parseReport, requirement].map((each) => typeof each).join(), kmsRequest.name);',
    ].join('\n');
    mkdirSync(join(folder, 'src'));
    for (const file of ['module.mts', 'script.cts']) writeFileSync(join(folder, 'src', file), program);
    for (const module of ['node16', 'nodenext']) {
      const compilerOptions = {
        ...{ module, target: 'es2022', strict: true, skipLibCheck: false, rootDir: 'src', outDir: module },
        ...{ types: ['node'], typeRoots: [join(packageRoot(), 'node_modules/@types')] },
      };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
      inFolder('npx', 'tsc', '-p', 'tsconfig.json');
      for (const file of ['module.mjs', 'script.cjs'])
        expect(inFolder('node', join(module, file)).trim()).to.equal(
          'function,function,function,function kms.request',
        );
    }
  });

  it("runs a user's scenarios in TypeScript", () => {
    cpSync(join(packageRoot(), 'examples/own-scenarios'), join(folder, 'own'), { recursive: true });
    expect(inFolder('npx', 'kmsspec', 'run', 'OWN', '--scenarios', 'own', '--quiet')).to.match(/1 passed/);
  });
});
