import { expect } from 'chai';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { parseReport } from '../../reports/results/model';
import { packageRoot } from '../../harness/support/package-root';
import { documentsOf, exampleLines } from '../testing/ci-examples';

/** Validators and types that are generated from the OpenAPI document that Kubernetes publishes. */
const SCHEMAS = 'kubernetes-models@4.5.1';

type Resource = { kind: string; apiVersion: string; metadata: { name: string } } & Record<string, unknown>;
type Kind = new (resource: object) => { validate(): void };

describe('examples/ci/kubernetes.yaml', function () {
  this.timeout(120_000);
  const resources = documentsOf('kubernetes.yaml') as Resource[];
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-kubernetes-'));
    const quiet = ['--no-save', '--no-audit', '--no-fund', '--silent'];
    execFileSync('npm', ['install', '--prefix', folder, ...quiet, SCHEMAS], { stdio: 'ignore' });
  });
  after(() => rmSync(folder, { recursive: true }));

  const validate = (resource: Resource): void => {
    const models = createRequire(join(folder, 'index.js'))(
      `kubernetes-models/${resource.apiVersion}`,
    ) as Record<string, Kind>;
    new models[resource.kind]!(resource).validate();
  };

  /** What the types say of resources: the validators allow keys that there are none of. */
  const typesSay = (...written: Resource[]): string => {
    const lines = written.flatMap(({ kind, apiVersion, ...rest }, index) => [
      `import { ${kind} as Kind${index} } from 'kubernetes-models/${apiVersion}';`,
      `new Kind${index}(${JSON.stringify(rest)});`,
    ]);
    writeFileSync(join(folder, 'written.ts'), lines.join('\n'));
    const tsc = join(packageRoot(), 'node_modules/typescript/bin/tsc');
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext'];
    const { stdout } = spawnSync(process.execPath, [tsc, ...options, 'written.ts'], {
      cwd: folder,
      encoding: 'utf8',
    });
    return stdout;
  };

  it('holds to the published schema', () => {
    expect(resources.map(({ kind }) => kind)).to.deep.equal(['PersistentVolumeClaim', 'Job', 'Job']);
    for (const resource of resources) validate(resource);
    expect(typesSay(...resources)).to.equal('');
  });

  it('would not with another type, or a key that there is none of', () => {
    const text = readFileSync(join(packageRoot(), 'examples/ci/kubernetes.yaml'), 'utf8');
    expect(text).to.contain('backoffLimitPerIndex');
    const [, job] = JSON.parse(
      JSON.stringify(resources).replace('backoffLimitPerIndex', 'backoffLimitPerIdx'),
    ) as [Resource, Resource];
    expect(typesSay(job)).to.contain('backoffLimitPerIdx');
    const spec = { ...(resources[1]!['spec'] as object), completions: '16' };
    expect(() => validate({ ...resources[1]!, spec })).to.throw(/completions must be integer/);
  });

  it('goes on from the journal on its volume where a pod was killed, by the line as it stands', async () => {
    const { line, env } = exampleLines().find(
      ({ file, where }) => file === 'kubernetes.yaml' && where.startsWith('kms-fuzz:'),
    )!;
    const main = join(packageRoot(), 'dist/harness/cli/main.js');
    // Two blocks of the journal and what is left over; each pod has a host of its own, here that of kmsspec.
    const small = line.replace(/--runs \d+/, `--runs ${16 * 1100}`).replace(/--target \S+/, '');
    const script = `kmsspec() { "${process.execPath}" "${main}" "$@" & echo $! >pid; wait $!; }\n${small}`;
    const pod = (): Promise<number | null> => {
      const started = spawn('sh', ['-c', script], {
        cwd: folder,
        env: { ...process.env, ...env, JOB_COMPLETION_INDEX: '2' },
        stdio: 'ignore',
      });
      return once(started, 'close').then(([code]) => code as number | null);
    };
    const journal = (): string => {
      const out = join(folder, 'findings-2');
      const name = existsSync(out) ? readdirSync(out).find((each) => each.startsWith('journal-')) : undefined;
      return name === undefined ? '' : readFileSync(join(out, name), 'utf8');
    };
    const blocks = (text: string): number => text.split('\n').length - 2;

    const first = pod();
    while (blocks(journal()) < 1) await later(20);
    const kept = journal();
    process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 'SIGKILL');
    expect(await first).not.to.equal(0);
    expect(existsSync(join(folder, 'part-2.json'))).to.equal(false);
    expect(await pod()).to.equal(0);
    expect(journal().startsWith(kept)).to.equal(true);
    expect(blocks(journal())).to.equal(3);
    const part = parseReport(readFileSync(join(folder, 'part-2.json'), 'utf8'), 'part-2.json');
    expect(part.coverage!.cases).to.equal(1100);
  });
});
