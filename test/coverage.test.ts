import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../harness/support/package-root';

interface Settings {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly all: boolean;
  readonly 'check-coverage': boolean;
  readonly lines: number;
  readonly branches: number;
}

const textOf = (...path: string[]): string => readFileSync(join(packageRoot(), ...path), 'utf8');
const settings = JSON.parse(textOf('.c8rc.json')) as Settings;

/** What is left of a compiled file without comments and what every module begins with. */
const codeOf = (compiled: string): string =>
  compiled
    .replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
    .replace('"use strict";', '')
    .replace(/Object\.defineProperty\(exports, "__esModule", \{\s*value: true\s*\}\);/, '')
    .trim();

describe('what coverage is measured of', () => {
  it('are the five folders, whether or not a test loads a file, at 95 % of lines and of branches', () => {
    expect(settings.include).to.include.members(
      ['protocol', 'captures', 'harness', 'scenarios', 'reports'].map((folder) => `${folder}/**`),
    );
    expect(settings.all && settings['check-coverage']).to.equal(true);
    expect(settings.lines).to.be.at.least(95);
    expect(settings.branches).to.be.at.least(95);
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    expect(scripts.test).to.contain('npm run test:coverage');
  });

  it('is all but tests and files of types alone', () => {
    const [patterns, files] = [
      settings.exclude.filter((each) => each.includes('*')),
      settings.exclude.filter((each) => !each.includes('*')),
    ];
    expect(patterns).to.have.members(['**/*.test.ts', '**/*.system.ts', '**/testing/**']);
    for (const file of files) {
      expect(existsSync(join(packageRoot(), file)), file).to.equal(true);
      if (file.endsWith('.d.ts')) continue;
      expect(codeOf(textOf('dist', file.replace(/\.ts$/, '.js'))), file).to.equal('');
    }
  });
});
