import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readExchanges } from '../../../captures';
import { KmsClient } from '../../client';
import { machineRequest } from '../../model/machine-request';
import { systemClock } from '../../support/clock';
import { type LabHost, startLabHost } from '../../lab-host';
import { packageRoot } from '../../support/package-root';
import { Random } from '../../support/random';

const MAIN = join(packageRoot(), 'dist/harness/cli/main.js');

describe('kmsspec record, killed', function () {
  this.timeout(30_000);
  let folder: string;
  let host: LabHost;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-kill-'));
    host = await startLabHost();
  });
  after(async () => {
    await host.close();
    rmSync(folder, { recursive: true });
  });

  /** Starts the proxy and returns its port, and a kill that waits for its end. */
  async function startRecording(out: string): Promise<{ port: number; kill: () => Promise<void> }> {
    const target = `127.0.0.1:${host.port}`;
    const argv = [MAIN, 'record', '--listen', '127.0.0.1:0', '--out', out, '--target', target];
    const child = spawn(process.execPath, argv, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    const closed = once(child, 'close');
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const port = Number(/recording 127\.0\.0\.1:(\d+)/.exec(line.toString())?.[1]);
    const kill = async (): Promise<void> => {
      child.kill('SIGKILL');
      await closed;
    };
    return { port, kill };
  }

  /** The counts that a client was answered before the kill, which comes with the last of them. */
  async function answersUntilKill(out: string, requests: number): Promise<number[]> {
    const { port, kill } = await startRecording(out);
    const client = new KmsClient({ endpoint: { host: '127.0.0.1', port } });
    const random = new Random(requests);
    const counts: number[] = [];
    try {
      const session = await client.session();
      for (let i = 0; i < requests; i++) {
        const { answer } = await session.activate(
          machineRequest({ product: 'win7', random, clock: systemClock }),
        );
        if (answer?.kind === 'response') counts.push(answer.value.currentClientCount);
      }
    } finally {
      await kill();
      await client.close();
    }
    return counts;
  }

  for (const requests of [1, 2, 25]) {
    it(`loses none of ${requests} answers that a client had, and leaves no half packet`, async () => {
      const out = join(folder, `${requests}.pcapng`);
      const answered = await answersUntilKill(out, requests);
      expect(answered).to.have.length(requests);
      const reader = readExchanges(out);
      const recorded: number[] = [];
      for await (const { answer } of reader)
        if (answer?.kind === 'response') recorded.push(answer.value.currentClientCount);
      expect(recorded).to.deep.equal(answered);
      expect(reader.report!.warnings).to.deep.equal([]);
    });
  }
});
