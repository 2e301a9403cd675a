import { expect } from 'chai';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { runInstalled } from '../harness/cli/testing/installed';
import { packageRoot } from '../harness/support/package-root';
import { LAB_KEY } from '../protocol';
import { parseReport } from '../reports/results/model';

/** The built program, as users start it; `npm test` builds it first. */
const PROGRAM = join(packageRoot(), 'dist/harness/cli/main.js');

interface RunningHost {
  readonly process: ChildProcess;
  readonly target: string;
  readonly controlPort: string;
}

/** Starts `kmsspec host` and reads off where it listens. */
async function startHost(): Promise<RunningHost> {
  const child = spawn(process.execPath, [PROGRAM, 'host', '--port', '0', '--control', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const [, target, controlPort] = /listening on (\S+?),.*controls on port (\d+)/.exec(line.toString())!;
  return { process: child, target: target!, controlPort: controlPort! };
}

const outcomesOf = (json: string): string[] =>
  parseReport(json).results.map(({ id, outcome }) => `${id} ${outcome}`);

describe('a lab host in a process of its own', () => {
  let folder: string;
  let host: RunningHost;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-two-'));
    host = await startHost();
    writeFileSync(join(folder, 'lab.key'), Buffer.from(LAB_KEY).toString('hex'));
    // One program for the whole run: the clock is set 400 times in it, the host emptied 60 times.
    const controls = {
      command: [process.execPath, PROGRAM, 'ctl', host.controlPort, '-'],
      persistent: true,
      offers: ['reset', 'restart', 'advanceClock', 'observe'],
    };
    writeFileSync(
      join(folder, 'kmsspec.yaml'),
      stringify({ target: host.target, keyGroup: 'any', controls }),
    );
  });

  after(async () => {
    const gone = once(host.process, 'exit');
    host.process.kill('SIGINT');
    await gone;
    rmSync(folder, { recursive: true });
  });

  it('gives the same outcomes as the embedded one', async () => {
    const limitMs = 150_000;
    const selection = ['--exclude', 'TIME-06', '--quiet', '--json', '-'];
    const [apart, embedded] = await Promise.all([
      runInstalled(['run', '--mac-key', 'lab.key', ...selection], { cwd: folder, limitMs }),
      runInstalled(['run', '--key-group', 'any', ...selection], { limitMs }),
    ]);
    expect(apart.stderr).to.equal('');
    const failed = parseReport(apart.stdout).results.filter(({ outcome }) => outcome === 'failed');
    expect(failed.map(({ message }) => message)).to.deep.equal([]);
    expect(apart.exitCode).to.equal(0);
    expect(outcomesOf(apart.stdout)).to.deep.equal(outcomesOf(embedded.stdout));
    expect(outcomesOf(apart.stdout)).to.include.members([
      'CACHE-08 passed',
      'CACHE-12 passed',
      'OBS-02 passed',
      'MSG-07 passed',
    ]);
    const { target } = parseReport(apart.stdout);
    expect(target).to.include({ address: host.target, embedded: false });
    expect(target.controls).to.deep.equal(['reset', 'restart', 'clock', 'observe']);
  }).timeout(200_000);

  it('makes what needs a control inconclusive where the control fails, with its standard error', async () => {
    const broken = { reset: ['sh', '-c', 'echo no such service >&2; exit 3'] };
    const config = join(folder, 'broken.yaml');
    writeFileSync(config, stringify({ target: host.target, controls: broken }));
    const run = await runInstalled(['run', 'CNT-07', '--config', config, '--json', '-']);
    expect(run.exitCode).to.equal(4);
    const [result] = parseReport(run.stdout).results;
    expect(result!.outcome).to.equal('inconclusive');
    expect(result!.reason).to.match(/reset.*exit code 3: no such service/);
  });
});
