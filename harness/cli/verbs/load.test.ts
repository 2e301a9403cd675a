import { expect } from 'chai';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { histogramOf } from '../../../reports/results/latency';
import { parseReport } from '../../../reports/results/model';
import { startLabHost } from '../../lab-host';
import { runInProcess } from '../testing/in-process';

describe('kmsspec load', function () {
  // A thread of its own compiles what it needs first.
  this.timeout(30_000);

  it('shows latencies from the intended and the actual start, and writes them for merging', async () => {
    const { exitCode, stdout, stderr } = await runInProcess([
      'load',
      '--rate',
      '100',
      '--duration',
      '500ms',
      '--warmup',
      '100ms',
      '--json',
      '-',
    ]);
    expect(stderr).to.equal('');
    expect(exitCode).to.equal(0);
    const { latency, results } = parseReport(stdout);
    expect(latency).to.include({ requests: 50, askedPerSecond: 100, connections: null });
    expect(latency?.series.map((series) => histogramOf(series).totalCount)).to.deep.equal([50, 50]);
    expect(results[0]).to.include({ id: 'LOAD', outcome: 'passed' });
  });

  it('is a gate where the configuration has budgets', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kmsspec-load-'));
    try {
      const config = join(folder, 'kmsspec.yaml');
      writeFileSync(config, 'budgets: { p99Ms: 0.01 }\n');
      const argv = ['load', '--rate', '50', '--duration', '200ms', '--keep', '--config', config];
      const { exitCode, stdout } = await runInProcess(argv);
      expect(exitCode).to.equal(1);
      expect(stdout).to.include('p99Ms 0.01').and.include('broken');
      writeFileSync(config, 'budgets: { p99Ms: 10000 }\n');
      expect((await runInProcess(argv)).exitCode).to.equal(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('tells failures by class: nobody there is exit code 3, refusals are failures', async () => {
    const gone = await runInProcess([
      'load',
      '--target',
      '127.0.0.1:1',
      '--rate',
      '50',
      '--duration',
      '100ms',
    ]);
    expect(gone.exitCode).to.equal(3);
    expect(gone.stdout).to.include('refused (connect)');
    const host = await startLabHost({ keyGroup: 'vista' });
    try {
      const target = ['--target', `127.0.0.1:${host.port}`];
      const refused = await runInProcess([
        'load',
        ...target,
        '--max',
        '--duration',
        '100ms',
        '--keep',
        '--connections',
        '2',
      ]);
      expect(refused.exitCode).to.equal(1);
      expect(refused.stdout).to.include('0xC004F042');
    } finally {
      await host.close();
    }
  });

  it('tells a host that died under the load', async () => {
    const host = await startLabHost();
    const fragile = createServer((socket) => {
      socket.pipe(connect(host.port, '127.0.0.1')).pipe(socket);
      socket.once('close', () => fragile.close());
    }).listen(0, '127.0.0.1');
    await once(fragile, 'listening');
    try {
      const { port } = fragile.address() as { port: number };
      const target = ['--target', `127.0.0.1:${port}`];
      const load = ['load', ...target, '--rate', '20', '--duration', '1s', '--json', '-'];
      const { exitCode, stdout } = await runInProcess(load);
      const { run, latency } = parseReport(stdout);
      expect(run.ended).to.equal('target-died');
      expect(latency!.failures.map(({ class: name }) => name)).to.include('refused (connect)');
      expect(exitCode).to.equal(3);
    } finally {
      fragile.close();
      await host.close();
    }
  });

  it('refuses options that make no load', async () => {
    for (const argv of [
      ['--rate', 'fast'],
      ['--rate', '0'],
      ['--duration', '0s'],
      ['--duration', '5'],
      ['--max', '--rate', '5'],
      ['--threads', '4', '--connections', '2'],
      ['--close', 'never'],
      ['--sources', 'here'],
    ]) {
      const { exitCode, stderr } = await runInProcess(['load', ...argv]);
      expect(exitCode, argv.join(' ')).to.equal(2);
      expect(stderr.length).to.be.above(20);
    }
  });
});
