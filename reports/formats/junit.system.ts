import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { writeJUnit } from './junit';
import { HOSTILE_TEXTS, hostileReport } from '../testing/hostile';
import { requirePrograms } from '../testing/require-programs';
import { fullReport } from '../testing/full-report';

const SCHEMA = join(__dirname, 'testing', 'junit.xsd');

describe('JUnit XML by xmllint', () => {
  before(() => requirePrograms({ xmllint: 'libxml2-utils' }));

  it('is valid, with every outcome and with hostile text', () => {
    for (const report of [fullReport(), ...HOSTILE_TEXTS.map(hostileReport)]) {
      const output = execFileSync('xmllint', ['--noout', '--nonet', '--schema', SCHEMA, '-'], {
        input: writeJUnit(report),
        encoding: 'utf8',
        stdio: ['pipe', 'pipe', 'pipe'],
        timeout: 20_000,
      });
      expect(output).to.equal('');
    }
  });

  it('is found invalid where it is', () => {
    const broken = writeJUnit(fullReport()).replace(/ tests="\d+"/, '');
    expect(() =>
      execFileSync('xmllint', ['--noout', '--schema', SCHEMA, '-'], { input: broken, stdio: 'pipe' }),
    ).to.throw();
  });
});

describe('programs that system tests need', () => {
  it('are named with the line that installs them where they are missing', () => {
    expect(() => requirePrograms({ 'no-such-program': 'some-package', sh: 'dash' })).to.throw(
      'not installed: no-such-program; run: apt-get install -y some-package',
    );
  });
});
