import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root';

interface LockedPackage {
  readonly version?: string;
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

  it('names no registry', () => {
    expect(Object.values(lock.packages).filter((entry) => 'resolved' in entry)).to.deep.equal([]);
  });
});
