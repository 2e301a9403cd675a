import { expect } from 'chai';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { packageRoot } from '../../harness/support/package-root';
import { nodeOf } from '../nodes/versions';
import { installedPackage } from '../testing/installed-package';

/** Runs GitLab's pipelines without GitLab, and holds them to its published schema, which it brings along; it takes Node 22. */
const ENGINE = 'gitlab-ci-local@4.75.1';
const NODE = '22.23.3';

describe('templates/kmsspec.yml, the GitLab component', function () {
  this.timeout(300_000);
  let folder: string;
  let repository: string;
  let engine: readonly [string, string];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-gitlab-'));
    const install = [
      'install',
      '--prefix',
      folder,
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--silent',
      ENGINE,
    ];
    execFileSync('npm', install, { stdio: 'ignore' });
    engine = [await nodeOf(NODE, folder), join(folder, 'node_modules/gitlab-ci-local/dist/index.js')];
    repository = join(folder, 'repository');
    cpSync(join(packageRoot(), 'templates'), join(repository, 'templates'), { recursive: true });
    cpSync(join(packageRoot(), 'examples/ci/gitlab.yml'), join(repository, 'gitlab.yml'));
    cpSync(installedPackage().tarball, join(repository, 'kmsspec-0.1.0.tgz'));
    const name = ['-c', 'user.name=kmsspec', '-c', 'user.email=kmsspec@localhost'];
    const git = (...words: string[]) =>
      execFileSync('git', [...name, ...words], { cwd: repository, stdio: 'ignore' });
    git('init');
    git('remote', 'add', 'origin', 'git@gitlab.example.com:kms/repository.git');
    pipeline({});
    git('add', '--all');
    git('commit', '--message', 'the host under test');
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Includes the component with these inputs, and nothing else. */
  const pipeline = (inputs: Readonly<Record<string, string>>): void =>
    writeFileSync(
      join(repository, '.gitlab-ci.yml'),
      stringify({ include: [{ local: '/templates/kmsspec.yml', inputs }] }),
    );
  const call = (...words: string[]): { status: number | null; output: string } => {
    const [node, main] = engine;
    const { status, stdout, stderr } = spawnSync(node, [main, ...words], {
      cwd: repository,
      encoding: 'utf8',
    });
    return { status, output: stdout + stderr };
  };

  it('is valid by the published schema, with its inputs in their places', () => {
    pipeline({ job: 'kms gate', target: 'kms-host:1688', args: 'MSG RPC --allow-remote' });
    const { status, output } = call('--preview');
    expect(status, output).to.equal(0);
    expect(output)
      .to.match(/json schema validated/)
      .and.match(/^kms gate:/m);
    expect(output).to.contain('KMS_TARGET: kms-host:1688').and.not.contain('inputs.');
  });

  it('would be refused where it were not valid', () => {
    pipeline({});
    const file = join(repository, 'templates/kmsspec.yml');
    const right = readFileSync(file, 'utf8');
    writeFileSync(file, right.replace('    when: always', '    when: perhaps'));
    expect(call('--preview').status).not.to.equal(0);
    writeFileSync(file, right);
  });

  it('holds for examples/ci/gitlab.yml too', () => {
    writeFileSync(join(repository, '.gitlab-ci.yml'), stringify({ include: [{ local: '/gitlab.yml' }] }));
    const { status, output } = call('--preview');
    expect(status, output).to.equal(0);
    expect(output).to.match(/json schema validated/);
  });

  for (const [what, status, inputs] of [
    ['green', 0, { args: 'MSG-0?', require: 'MSG-01' }],
    ['red', 1, { args: 'MSG-0? --fault nil-cmid', report: 'kms' }],
  ] as const)
    it(`is run by an engine: ${what}, with its reports kept`, () => {
      pipeline(inputs);
      const ended = call('--force-shell-executor', 'kmsspec');
      expect(ended.status, ended.output).to.equal(status);
      expect(ended.output).to.match(status === 0 ? /PASS +kmsspec/ : /FAIL +kmsspec/);
      const reports = join(repository, 'report' in inputs ? inputs.report : 'kmsspec-report');
      for (const name of ['report.json', 'junit.xml', 'report.html'])
        expect(existsSync(join(reports, name)), name).to.equal(true);
    });
});
