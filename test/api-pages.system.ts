import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../harness/support/package-root';

/** The pages say as much as the docstrings, and docstrings.test.ts holds these; here that there is a page for each, whose links lead somewhere. */
describe('the pages of the library (npm run docs:api)', function () {
  this.timeout(300_000);
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'kmsspec-api-'))));
  after(() => rmSync(folder, { recursive: true }));

  it('are written without a warning', () => {
    const { status, stdout, stderr } = spawnSync(
      'npm',
      ['run', '--silent', 'docs:api', '--', '--out', folder],
      {
        cwd: packageRoot(),
        encoding: 'utf8',
      },
    );
    expect(status, stdout + stderr).to.equal(0);
    expect(stdout + stderr).to.not.match(/warning/i);
  });

  it('have one for each thing that the package exports, with what its docstring says', () => {
    const pages = ['classes', 'functions', 'interfaces', 'types', 'variables'].flatMap((kind) =>
      existsSync(join(folder, kind)) ? readdirSync(join(folder, kind)) : [],
    );
    expect(pages.length).to.be.greaterThan(700);
    expect(pages).to.include.members(['harness_library.checkHost.html', 'protocol.decodePdu.html']);
    const page = readFileSync(join(folder, 'functions/harness_library.checkHost.html'), 'utf8');
    const [, docstring = ''] =
      /\/\*\*\s*\n?\s*\*?\s*([^\n*]{20,60})[^/]*\*\/\s*export (?:async )?function checkHost/.exec(
        readFileSync(join(packageRoot(), 'harness/library/check-host.ts'), 'utf8'),
      ) ?? [];
    expect(docstring).to.not.equal('');
    expect(page.replace(/<[^>]+>/g, '')).to.contain(docstring.trim().split('`')[0]);
  });

  it('begin with how to use it', () => {
    expect(readFileSync(join(folder, 'index.html'), 'utf8')).to.contain('expectConforming');
  });
});
