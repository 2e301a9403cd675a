import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../harness/support/package-root';

describe('the sections of the bench', function () {
  this.timeout(60_000);

  it('are found without running what else stands beside them', () => {
    const main = join(packageRoot(), 'bench/main.ts');
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ['-r', 'ts-node/register', main, 'no-such-section'],
      { cwd: packageRoot(), encoding: 'utf8', timeout: 50_000 },
    );
    expect([stdout, status], stderr).to.deep.equal(['', 2]);
    expect(stderr).to.match(/^bench: no section no-such-section; there are [^\n]*exchanges[^\n]*\n$/);
  });
});
