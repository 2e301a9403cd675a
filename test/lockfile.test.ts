import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../harness/support/package-root';

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

describe('package-lock.json', () => {
  const lock = JSON.parse(readFileSync(join(packageRoot(), 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, LockedPackage>>;
  };

  // npm writes only the platform packages that its registry served; npm 11 then refuses `npm ci` with EUSAGE.
  it('holds the platform packages of every system, not only of the one that wrote it', () => {
    const missing = Object.values(lock.packages).flatMap(({ optionalDependencies = {} }) =>
      Object.keys(optionalDependencies).filter((name) => lock.packages[`node_modules/${name}`] === undefined),
    );
    expect(missing).to.deep.equal([]);
  });

  // npm leaves it out for a package that it did not fetch: what it then fetches elsewhere would be taken unchecked.
  it('has the integrity of every package, of the optional ones of other systems too', () => {
    const [root, ...others] = Object.entries(lock.packages);
    expect(root?.[0]).to.equal('');
    const open = others.filter(([, { integrity = '' }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity));
    expect(open.map(([name]) => name)).to.deep.equal([]);
  });

  it('names no registry', () => {
    expect(Object.values(lock.packages).filter((entry) => 'resolved' in entry)).to.deep.equal([]);
  });
});
