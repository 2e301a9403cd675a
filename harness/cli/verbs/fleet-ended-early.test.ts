import { expect } from 'chai';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReport } from '../../../reports/results/model';
import { type LabHost, startLabHost } from '../../lab-host';
import { runInProcess } from '../testing/in-process';

describe('kmsspec fleet, where the host or an interruption ends it', () => {
  it('goes on where the host tells its clients to ask again at once', async () => {
    const host = await startLabHost({ faults: ['zero-intervals'] });
    try {
      const target = ['--target', `127.0.0.1:${host.port}`];
      const { stdout } = await runInProcess(['fleet', ...target, '--clients', '2', '--days', '1', '--keep']);
      expect(stdout)
        .to.match(/^\d+ requests/m)
        .and.include('0 of 2 activated');
    } finally {
      await host.close();
    }
  });

  it('tells a host that died on the way, and does not go on asking it for months', async () => {
    const host = await startLabHost({ faults: [] });
    let asked = 0;
    const fragile = createServer((socket) => {
      if (++asked > 40) socket.destroy();
      else socket.pipe(connect(host.port, '127.0.0.1')).pipe(socket);
    }).listen(0, '127.0.0.1');
    await once(fragile, 'listening');
    try {
      const { port } = fragile.address() as { port: number };
      const target = ['--target', `127.0.0.1:${port}`];
      const fleet = ['fleet', ...target, '--clients', '30', '--days', '180', '--json', '-'];
      const { exitCode, stdout } = await runInProcess(fleet);
      expect(exitCode).to.equal(3);
      expect(parseReport(stdout).run.ended).to.equal('target-died');
      expect(parseReport(stdout).results[0]?.message).to.match(/^10 of 50 requests got no answer: /);
    } finally {
      fragile.close();
      await host.close();
    }
  });

  it('reports what was done where an interruption cuts off a control', async () => {
    const host: LabHost = await startLabHost({});
    const folder = mkdtempSync(join(tmpdir(), 'kmsspec-fleet-'));
    try {
      const advanceClock = JSON.stringify(['sh', '-c', 'touch started; exec sleep 20', '{seconds}']);
      writeFileSync(
        join(folder, 'kmsspec.yaml'),
        `target: 127.0.0.1:${host.port}\ncontrols: { advanceClock: ${advanceClock} }\n`,
      );
      const interruption = new AbortController();
      const running = runInProcess(['fleet', '--clients', '20', '--days', '3', '--json', 'r.json'], {
        cwd: folder,
        signal: interruption.signal,
      });
      while (!existsSync(join(folder, 'started'))) await new Promise((resolve) => setTimeout(resolve, 10));
      interruption.abort();
      const { exitCode, stderr } = await running;
      expect(exitCode, stderr).to.equal(130);
      const { run } = parseReport(readFileSync(join(folder, 'r.json'), 'utf8'));
      expect(run).to.include({ ended: 'interrupted' });
      expect(run.endedMessage).to.match(/^at virtual hour \d/);
    } finally {
      rmSync(folder, { recursive: true });
      await host.close();
    }
  });
});
