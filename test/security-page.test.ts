import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../harness/support/package-root';

describe('the table of promises in SECURITY.md', () => {
  const page = readFileSync(join(packageRoot(), 'SECURITY.md'), 'utf8');
  const rows = page.split('\n').filter((line) => /^\| (?!from )[a-z]/.test(line));

  it('has a row for each of those who hand something to kmsspec', () => {
    expect(rows.length).to.be.at.least(13);
  });

  for (const row of rows) {
    const [, from = '', what = '', , tested = ''] = row.split('|').map((cell) => cell.trim());
    it(`names tests that are there: ${from}, ${what}`, () => {
      const files = [...tested.matchAll(/`([^` ]+\.ts)`/g)].map(([, file = '']) => file);
      expect(files.filter((file) => /\.(?:test|system)\.ts$/.test(file))).to.not.deep.equal([]);
      for (const file of files) expect(existsSync(join(packageRoot(), file)), file).to.equal(true);
    });
  }
});
