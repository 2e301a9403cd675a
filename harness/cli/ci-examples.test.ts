import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { CI_EXAMPLES, exampleLines, type ExampleLine } from '../../reports/testing/ci-examples';
import { type LabHost, startLabHost } from '../lab-host';
import { packageRoot } from '../package-root';

/** Shards and cases of the tests: the examples' own would take hours, and hosts for each. */
const SHARDS = 2;
const SMALL_RUNS = '--runs 40';

describe('examples/ci: every kmsspec line, as a shell takes it', function () {
  this.timeout(180_000);
  let host: LabHost;
  let folder: string;

  before(async () => {
    host = await startLabHost({});
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-ci-'));
    const program = join(packageRoot(), 'dist/harness/cli/main.js');
    const shim = join(folder, 'kmsspec');
    writeFileSync(shim, `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
    chmodSync(shim, 0o755);
    cpSync(join(CI_EXAMPLES, 'kms-baseline.yaml'), join(folder, 'kms-baseline.yaml'));
  });

  after(async () => {
    await host.close();
    rmSync(folder, { recursive: true });
  });

  function shell(
    { line, env }: ExampleLine,
    shard: number,
  ): Promise<{ code: number | null; output: string }> {
    const child = spawn('sh', ['-c', line.replace(/--runs \d+/, SMALL_RUNS)], {
      cwd: folder,
      env: {
        ...process.env,
        GITHUB_ACTIONS: '',
        ...env,
        PATH: folder + delimiter + (process.env['PATH'] ?? ''),
        KMS_TARGET: `127.0.0.1:${host.port}`,
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
  for (const example of exampleLines()) {
    it(`${example.file}, ${example.where}`, async () => {
      const sharded = example.line.includes('--shard');
      if (sharded)
        for (const name of readdirSync(folder)) if (/^(fuzz|part)-/.test(name)) rmSync(join(folder, name));
      for (let shard = 1; shard <= (sharded ? SHARDS : 1); shard++) {
        const { code, output } = await shell(example, shard);
        expect(code, `${example.line}\n${output}`).to.equal(0);
      }
    });
  }
});
