import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { expect } from 'chai';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../harness/support/package-root';
import { contentFindings } from './release/findings';
import { EXIT_CODES } from './testing/exit-codes';
import { type InstalledPackage, installedPackage } from './testing/installed-package';

/** Of which the pictures that the pages show are 0.4 MB. */
const MAX_TARBALL = 1_800_000;

describe('the package, as its users install it', function () {
  this.timeout(300_000);
  let folder: string;
  let tarball: string;
  let inFolder: InstalledPackage['run'];
  before(() => ({ folder, tarball, run: inFolder } = installedPackage()));

  it('is a tarball under 1.8 MB', () => {
    expect(statSync(tarball).size).to.be.lessThan(MAX_TARBALL);
  });

  it('holds what is needed and nothing else', () => {
    const files = inFolder('tar', 'tzf', tarball).trim().split('\n');
    const kept =
      /^package\/(dist\/|docs\/[^/]+\.md$|docs\/coverage\/[^/]+\.c$|docs\/images\/[a-z0-9-]+\.(png|svg)$|examples\/|captures\/corpus\/[^/]+\.(pcap|json)$|reports\/schema\/|(package\.json|README\.md|LICENSE|CHANGELOG\.md|CONTRIBUTING\.md|SECURITY\.md)$)/;
    expect(files.filter((file) => !kept.test(file))).to.deep.equal([]);
    expect(contentFindings(files.map((file) => file.replace(/^package\//, '')))).to.deep.equal([]);
    for (const file of [
      'package/LICENSE',
      'package/dist/harness/cli/main.js',
      'package/dist/protocol/index.d.ts',
    ]) {
      expect(files).to.include(file);
    }
  });

  it('runs by npx in an empty folder, without the repository', () => {
    expect(inFolder('npx', '--no-install', 'kmsspec', 'run', 'CNT-01', '--quiet')).to.match(
      /PASSED +1 of 1 requirement/,
    );
    const capture = 'node_modules/kmsspec/captures/corpus/v4-threshold-clients.pcap';
    expect(inFolder('npx', '--no-install', 'kmsspec', 'replay', capture)).to.match(
      /30 answers agree, 0 differ/,
    );
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
    expect(inFolder('npx', '--no-install', 'kmsspec', 'run', '--quiet')).to.match(/PASSED/);
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
      inFolder('node', join(packageRoot(), 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json');
      for (const file of ['module.mjs', 'script.cjs'])
        expect(inFolder('node', join(module, file)).trim()).to.equal(
          'function,function,function,function kms.request',
        );
    }
  });

  it('says what TypeScript of a user needs, and runs it with that', () => {
    cpSync(join(packageRoot(), 'examples/own-scenarios'), join(folder, 'own'), { recursive: true });
    const own = ['run', 'OWN', '--scenarios', 'own', '--quiet'];
    const without = spawnSync(join(folder, 'node_modules/.bin/kmsspec'), own, {
      cwd: folder,
      encoding: 'utf8',
    });
    if ((process.features as { typescript?: unknown }).typescript) expect(without.status).to.equal(0);
    else {
      expect(without.status).to.equal(2);
      expect(without.stderr).to.match(
        /^kmsspec: scenarios in TypeScript need .* npm install --save-dev typescript/,
      );
    }
    symlinkSync(join(packageRoot(), 'node_modules/typescript'), join(folder, 'node_modules/typescript'));
    expect(inFolder('npx', '--no-install', 'kmsspec', ...own)).to.match(/PASSED +1 of 1 requirement/);
  });

  it('takes 45 MB at most once it is installed', () => {
    const kilobytes = Number(inFolder('du', '-sk', '--exclude=typescript', 'node_modules').split('\t')[0]);
    expect(kilobytes).to.be.lessThan(45_000);
  });

  it("serves tests of a user's own in mocha and node:test", () => {
    cpSync(join(packageRoot(), 'examples/own-tests'), join(folder, 'own-tests'), { recursive: true });
    expect(inFolder('npx', '--no-install', 'mocha', 'own-tests/mocha.test.mjs')).to.match(/1 passing/);
    expect(inFolder('node', '--test', 'own-tests/node.test.mjs')).to.match(/pass 1\b/);
  });

  it('is sound to publint, with types for every way of resolving modules', async () => {
    const { messages } = await publint({
      pkgDir: join(folder, 'node_modules/kmsspec'),
      pack: false,
      strict: true,
    });
    // Where its sources are is for the owner to say (docs/releasing.md).
    const others = messages.filter(({ code }) => code !== 'USE_TYPE');
    expect(others.map((message) => formatMessage(message, {}))).to.deep.equal([]);
    const checked = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
    if (!checked.types) throw new Error('no types');
    // Before Node 12.7 nothing below a package's root could be named by `exports`: that way of resolving is not served.
    const problems = checked.problems.filter(
      (problem) =>
        !('resolutionKind' in problem && problem.resolutionKind === 'node10') &&
        !/json/.test(JSON.stringify(problem)),
    );
    expect(problems).to.deep.equal([]);
  });
});
