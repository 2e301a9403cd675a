import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { CI_EXAMPLES, exampleLines, type ExampleLine } from './testing/ci-examples';
import { type LabHost, startLabHost } from '../harness/lab-host';
import { packageRoot } from '../harness/support/package-root';

/** Shards and cases of the tests: the examples' own would take hours, and hosts for each. */
const SHARDS = 2;
const SMALL_RUNS = '--runs 40';
const SHORT_TIME = '--time 6s';

describe('examples/ci: every kmsspec line, as a shell takes it', function () {
  this.timeout(180_000);
  let host: LabHost;
  let released: LabHost;
  let folder: string;

  before(async () => {
    host = await startLabHost({});
    released = await startLabHost({});
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-ci-'));
    const program = join(packageRoot(), 'dist/harness/cli/main.js');
    const shim = join(folder, 'kmsspec');
    writeFileSync(shim, `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
    chmodSync(shim, 0o755);
    for (const name of ['reports', 'kmsspec-report']) mkdirSync(join(folder, name));
    for (const baseline of ['kms-baseline.yaml', 'known-differences.yaml'])
      cpSync(join(CI_EXAMPLES, baseline), join(folder, baseline));
  });

  after(async () => {
    await host.close();
    await released.close();
    rmSync(folder, { recursive: true });
  });

  function shell(
    { line, env }: ExampleLine,
    shard: number,
  ): Promise<{ code: number | null; output: string }> {
    const small = line.replace(/--runs \d+/, SMALL_RUNS).replace(/--time \d+m/, SHORT_TIME);
    const child = spawn('sh', ['-c', small], {
      cwd: folder,
      env: {
        ...process.env,
        GITHUB_ACTIONS: '',
        ...env,
        PATH: folder + delimiter + (process.env['PATH'] ?? ''),
        KMS_TARGET: `127.0.0.1:${host.port}`,
        KMS_RELEASED: `127.0.0.1:${released.port}`,
        REPORT: 'reports/run-1-1.json',
        SEED: '7',
        SHARD: `${shard}/${SHARDS}`,
        SHARDS: String(SHARDS),
        PART: `fuzz-${shard}.json`,
        JOB_COMPLETION_INDEX: String(shard - 1),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, output }));
    });
  }

  // In the order of the files: merging takes what the shards before it wrote.
  const examples = exampleLines();
  for (const line of new Set(examples.map((each) => each.line))) {
    const same = examples.filter((each) => each.line === line);
    const example = same[0]!;
    it(same.map(({ file, where }) => `${file}, ${where}`).join('; '), async () => {
      const sharded = example.line.includes('--shard');
      if (sharded)
        for (const name of readdirSync(folder)) if (/^(fuzz|part)-/.test(name)) rmSync(join(folder, name));
      for (let shard = 1; shard <= (sharded ? SHARDS : 1); shard++) {
        const { code, output } = await shell(example, shard);
        expect(code, `${example.line}\n${output}`).to.equal(0);
      }
    });
  }

  it('diff.yml: red where the new version counts otherwise, green where the difference is known', async () => {
    const gate = examples.find(({ file }) => file === 'diff.yml')!;
    const red = await shell({ ...gate, line: gate.line.replace('"$KMS_TARGET"', 'lab:counts-itself') }, 1);
    expect(red.code, red.output).to.equal(1);
    expect(red.output).to.contain('count: 127.0.0.1:');
    const known = gate.line.replace('"$KMS_TARGET"', 'lab:activation-interval-60');
    const green = await shell({ ...gate, line: known }, 1);
    expect(green.code, green.output).to.equal(0);
    expect(green.output).to.contain('known: the new version asks clients to come again sooner');
  });

  it('minimal.yml: red with a fault, as docs/start-ci.md says', async () => {
    const minimal = examples.find(({ file }) => file === 'minimal.yml')!;
    const { code, output } = await shell({ ...minimal, line: `${minimal.line} --fault nil-cmid` }, 1);
    expect(code, output).to.equal(1);
    expect(output).to.contain('MSG-02');
  });
});
