import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../harness/support/package-root';

interface LockedPackage {
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly integrity?: string;
}

const read = (file: string): string => readFileSync(join(packageRoot(), file), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
};
const locked = Object.entries(
  (JSON.parse(read('package-lock.json')) as { packages: Record<string, LockedPackage> }).packages,
).filter(([path]) => path !== '');

/** Each asks for its notice at most. PSF-2.0 (argparse) and BlueOak-1.0.0 (glob and its kin) come with mocha. */
const PERMISSIVE = new Set([
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'Apache-2.0 AND MIT',
  '(MIT AND Zlib)',
  'PSF-2.0',
  'BlueOak-1.0.0',
]);

/** Packages of a table of docs/dependencies.md, each with a reason. */
function documented(heading: string): string[] {
  const section = read('docs/dependencies.md').split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = [...section.matchAll(/^\| (\S+) \| (.+) \|$/gm)].filter(
    ([, name]) => !/^(package|---)$/.test(name!),
  );
  for (const [, name, reason] of rows) expect(reason!.trim(), name).to.not.equal('');
  return rows.map(([, name]) => name!).sort();
}

describe('dependencies', () => {
  it('are each justified in docs/dependencies.md, and no other is', () => {
    expect(documented('Needed at run time')).to.deep.equal(Object.keys(manifest.dependencies).sort());
    expect(documented('Needed to develop')).to.deep.equal(Object.keys(manifest.devDependencies).sort());
  });

  it('are pinned to a version, and locked with a checksum', () => {
    const versions = Object.values({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).to.deep.equal([]);
    // npm writes no checksum of what belongs to another platform, and installs none of it here.
    const without = locked.filter(
      ([, { integrity, optional }]) => integrity === undefined && optional !== true,
    );
    expect(without.map(([path]) => path)).to.deep.equal([]);
  });

  it('have permissive licences where they are shipped, those behind them too', () => {
    const shipped = locked.filter(([, { dev }]) => dev !== true);
    expect(shipped.length).to.be.above(Object.keys(manifest.dependencies).length);
    const others = shipped.filter(([, { license }]) => !PERMISSIVE.has(license ?? ''));
    expect(others.map(([path, { license }]) => `${path}: ${license}`)).to.deep.equal([]);
  });

  it('are installed without a script of our own', () => {
    const hooks = Object.keys(manifest.scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name));
    expect(hooks).to.deep.equal([]);
  });

  it('is not published where npm audit finds something or cannot ask', () => {
    expect(manifest.scripts['prepublishOnly']).to.match(/^npm audit && /);
  });
});
