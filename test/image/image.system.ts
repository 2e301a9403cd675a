import { expect } from 'chai';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { parse } from 'yaml';
import { parseReport } from '../../reports/results/model';
import { packageRoot } from '../../harness/support/package-root';
import { EXIT_CODES } from '../testing/exit-codes';
import { installedPackage } from '../testing/installed-package';
import { Buildah, type ImageConfig } from './build';
import { Container, type Ended, type RunOptions } from './container';

const BASE = 'localhost/base:here';
const IMAGE = 'localhost/kmsspec:under-test';
/** What the image may add to its base. */
const MAX_MEGABYTES = 120;
/** Somebody who is neither root nor the user that the image names. */
const CALLER = 4242;

interface Service {
  readonly command: readonly string[];
  readonly healthcheck: { readonly test: readonly [string, ...string[]]; readonly retries: number };
  readonly volumes: readonly string[];
}

/** Takes root, as CI has it: without, the tests fail and say so. */
describe('the image', function () {
  this.timeout(480_000);
  const network = `kmsspec-${process.pid}`;
  let folder: string;
  let work: string;
  let buildah: Buildah;
  let container: string;
  let image: { root: string; config: ImageConfig };
  const running = new Set<Container>();

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-image-'));
    buildah = new Buildah(folder);
    buildah.makeBase(BASE);
    buildah.build(IMAGE, BASE, installedPackage().tarball);
    container = buildah.container(IMAGE);
    image = { root: buildah.rootOf(container), config: buildah.configOf(container) };
    execFileSync('ip', ['netns', 'add', network]);
    execFileSync('ip', ['netns', 'exec', network, 'ip', 'link', 'set', 'lo', 'up']);
  });
  after(() => {
    spawnSync('ip', ['netns', 'del', network]);
    buildah.call('umount', '--all');
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    work = mkdtempSync(join(folder, 'work-'));
    chownSync(work, CALLER, CALLER);
  });
  afterEach(async () => {
    for (const each of running) {
      each.kill();
      await each.ended;
    }
    running.clear();
  });

  /** Starts the image with `work` at /work, as the caller. */
  const start = (options: Partial<RunOptions>): Container => {
    const mounts = { [work]: '/work' };
    const started = new Container({ ...image, network, user: `${CALLER}:${CALLER}`, mounts, ...options });
    running.add(started);
    void started.ended.finally(() => running.delete(started));
    return started;
  };
  const run = (...args: string[]): Promise<Ended> => start({ args }).ended;
  const report = (file: string) => parseReport(readFileSync(join(work, file), 'utf8'), file);

  it('adds little to its base', () => {
    const size = (root: string): number =>
      Number(execFileSync('du', ['-sm', root], { encoding: 'utf8' }).split('\t')[0]);
    expect(size(image.root) - size(join(folder, 'base'))).to.be.within(1, MAX_MEGABYTES);
  });

  it('says by itself what it does, as a user without rights', async () => {
    const { code, output } = await start({ args: image.config.Cmd, user: image.config.User, mounts: {} })
      .ended;
    expect(code, output).to.equal(0);
    expect(output).to.match(/^Usage: kmsspec/);
    expect(image.config.User).to.match(/^[1-9]\d*:[1-9]\d*$/);
  });

  it('does the main job in `buildah run`, with a report in a mounted folder that is the caller’s', () => {
    const options = ['--isolation', 'chroot', '--user', `${CALLER}:${CALLER}`, '--volume', `${work}:/work`];
    const words = [...image.config.Entrypoint, 'run', 'MSG', 'RPC', '--quiet', '--json', 'report.json'];
    expect(buildah.call('run', ...options, container, '--', ...words)).to.match(/PASSED/);
    const { uid, gid } = statSync(join(work, 'report.json'));
    expect([uid, gid]).to.deep.equal([CALLER, CALLER]);
    expect(report('report.json').results.filter(({ outcome }) => outcome === 'passed')).not.to.be.empty;
  });

  it('writes nothing but what is mounted, and /tmp', async () => {
    const script = 'touch /x /opt/kmsspec/x /work/x /tmp/x; ls /x /opt/kmsspec/x /work/x /tmp/x';
    // Root could write where rights alone forbid it.
    const { output } = await start({ instead: ['sh', '-c', script], user: '0:0' }).ended;
    expect(output).to.match(/touch: cannot touch '\/x': Read-only file system/);
    expect(output).to.match(/'\/opt\/kmsspec\/x': Read-only file system/);
    expect(output.trimEnd().split('\n').slice(-2)).to.deep.equal(['/tmp/x', '/work/x']);
  });

  // As on a machine without a container (test/package.system.ts).
  for (const [code, ...args] of EXIT_CODES)
    it(`ends with ${code} after ${args.join(' ')}`, async () => {
      const ended = await run(...args);
      expect(ended.code, ended.output).to.equal(code);
    });

  it('goes by the kmsspec.yaml that is mounted', async () => {
    const excluded = 'exclude:\n  - id: MSG-02\n    reason: not today\n';
    writeFileSync(join(work, 'kmsspec.yaml'), `profile: vista-2008\n${excluded}`);
    const { code, output } = await run('run', 'MSG-0?', '--json', 'report.json');
    expect(code, output).to.equal(0);
    const { target, results } = report('report.json');
    expect(target.profile).to.equal('vista-2008');
    expect(results.find(({ id }) => id === 'MSG-02')).to.include({ outcome: 'excluded' });
  });

  it('takes SIGTERM as it would elsewhere, and leaves its report', async () => {
    const host = start({ args: ['host', '--port', '1688'], user: image.config.User, mounts: {} });
    await host.says(/listening/);
    expect(host.status('Uid').split('\t')[0]).to.equal(image.config.User.split(':')[0]);
    const fuzz = start({ args: ['fuzz', '--time', '120s', '--out', 'found', '--json', 'r.json'] });
    // It is at work when it has begun its journal.
    const written = (): string[] => (existsSync(join(work, 'found')) ? readdirSync(join(work, 'found')) : []);
    while (!written().some((name) => name.startsWith('journal-'))) await later(50);
    fuzz.signal('SIGTERM');
    const { code, output } = await fuzz.ended;
    expect(code, output).to.equal(143);
    expect(report('r.json').run.ended).to.equal('terminated');
    host.signal('SIGTERM');
    expect((await host.ended).code).to.equal(143);
  });

  it('ends by a signal that comes before kmsspec hears any, though it is the first process', async () => {
    // Node reads this file before all else, and never gets to its end.
    writeFileSync(join(work, 'wait.cjs'), "require('node:fs').writeSync(1, 'starting'); for (;;);");
    const env = [...image.config.Env, 'NODE_OPTIONS=--require=/work/wait.cjs'];
    for (const [signal, code] of [
      ['SIGTERM', 143],
      ['SIGINT', 130],
    ] as const) {
      const started = start({ args: ['run'], config: { ...image.config, Env: env } });
      await started.says(/starting/);
      expect(started.status('NSpid').split('\t').at(-1)).to.equal('1');
      started.signal(signal);
      expect((await started.ended).code, signal).to.equal(code);
    }
  });

  it('hands on what it is given to read', async () => {
    writeFileSync(
      join(work, 'in.pcap'),
      readFileSync(join(packageRoot(), 'captures/corpus/v4-refused.pcap')),
    );
    const instead = ['sh', '-c', `${image.config.Entrypoint.join(' ')} inspect - <in.pcap`];
    const { code, output } = await start({ instead }).ended;
    expect(code, output).to.equal(0);
    expect(output).to.contain('0xC004F042');
  });

  it('runs lab host and suite side by side, as compose.yaml has them', async () => {
    const { services } = parse(readFileSync(join(packageRoot(), 'compose.yaml'), 'utf8')) as {
      services: Record<'host' | 'suite', Service>;
    };
    const host = start({ args: services.host.command, user: image.config.User, mounts: {} });
    await host.says(/listening/);
    const [how, ...probe] = services.host.healthcheck.test;
    expect(how).to.equal('CMD');
    const health = await start({ instead: probe, user: image.config.User, mounts: {} }).ended;
    expect(health.code, health.output).to.equal(0);
    const [, reports] = services.suite.volumes[0]!.split(':') as [string, string];
    const suite = await start({ args: services.suite.command, mounts: { [work]: reports } }).ended;
    expect(suite.code, suite.output).to.equal(0);
    expect(report('report.json').results.length).to.be.greaterThan(100);
    expect(readFileSync(join(work, 'junit.xml'), 'utf8')).to.contain('<testsuites');
    host.signal('SIGTERM');
    await host.ended;
    const gone = await start({ instead: probe, user: image.config.User, mounts: {} }).ended;
    expect(gone.code, gone.output).not.to.equal(0);
  });
});
