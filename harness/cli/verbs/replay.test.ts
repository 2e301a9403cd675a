import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { readExchanges } from '../../../captures';
import { parseReport } from '../../../reports/results/model';
import { scriptedHost } from '../../client/testing/scripted-host';
import { startLabHost } from '../../lab-host';
import { corpus, expectOneLine, WorkFolder } from '../testing/capture-verbs';

describe('kmsspec replay', () => {
  const folder = new WorkFolder();
  const kmsspec = (...argv: string[]) => folder.run(argv);

  it('agrees with the embedded host, and says what differed as expected', async () => {
    const run = await kmsspec(
      'replay',
      corpus('v4-mixed-growth'),
      '--json',
      'r.json',
      '--pcap',
      'r.pcapng',
      '--seed',
      '7',
    );
    expect([run.exitCode, run.stderr]).to.deep.equal([0, '']);
    expect(run.stdout).to.contain('65 requests sent: 65 answers agree, 0 differ');
    expect(run.stdout).to.match(/ePid \(.*\): in 65[^]*mac \(.*\): in 65/);
    const report = parseReport(await readFile(folder.file('r.json'), 'utf8'));
    expect(report.run).to.include({ seed: 7, verb: 'replay' });
    expect(
      report.trajectory!.points.map(
        ({ recorded, answered, expected }) => new Set([recorded, answered, expected]).size,
      ),
    ).to.deep.equal(Array(65).fill(1));
    expect(report.replay!.exchanges).to.have.length(65);
    let kept = 0;
    for await (const { answer } of readExchanges(folder.file('r.pcapng')))
      if (answer?.kind === 'response') kept++;
    expect(kept).to.equal(65);
  });

  it('exits 1 for a difference, 4 for nothing to compare or nothing at all, 2 for wrong usage', async () => {
    expect((await kmsspec('replay', corpus('v4-refused'))).exitCode).to.equal(0);
    expect((await kmsspec('replay', corpus('v4-refused'), '--key-group', 'any')).exitCode).to.equal(1);
    expect((await kmsspec('replay', corpus('v6'))).exitCode).to.equal(4);
    expect((await kmsspec('replay', corpus('v6'), '--filter', 'version=4')).exitCode).to.equal(4);
    expect((await kmsspec('replay', corpus('v6'), '--port', '99')).exitCode).to.equal(4);
    for (const wrong of [
      ['--raw', '--fresh'],
      ['--timing', 'x'],
      ['--filter', 'a=b'],
      ['--connections', 'two'],
      ['--seed', '-1'],
      ['--target', 'kms:0'],
      ['--target', '192.0.2.1'],
      ['--mac-key', 'none'],
      ['--profile', 'none'],
      ['--config', 'none'],
      ['--json', '/no/such/folder/r.json'],
      ['--tarket', 'x'],
    ]) {
      const run = await kmsspec('replay', corpus('v6'), ...wrong);
      expect(run.exitCode, wrong.join(' ')).to.equal(2);
      expect(run.stderr, wrong.join(' '))
        .to.not.equal('')
        .and.not.match(/\n\s+at |unexpected/);
    }
  });

  it('exits 1 for a count too low for any history, 4 for one too high that a history could explain', async () => {
    for (const [fault, exitCode, says] of [
      ['cap-49', 1, /54 answers agree, 11 differ/],
      ['cap-51', 4, /answers 51 instead of 50: .*reset control/],
    ] as const) {
      const host = await startLabHost({ faults: [fault] });
      const target = `127.0.0.1:${host.port}`;
      const saved = folder.file(`${fault}.json`);
      const args = ['--fresh', '--target', target, '--json', saved];
      const run = await kmsspec('replay', corpus('v4-mixed-growth'), ...args);
      await host.close();
      expect(run.exitCode, fault).to.equal(exitCode);
      expect(run.stdout).to.match(says);
      // What is made of the saved report later says the same.
      expect((await kmsspec('report', saved, '--markdown', '-')).exitCode, fault).to.equal(exitCode);
    }
    const embedded = await kmsspec('replay', corpus('v4-mixed-growth'), '--fault', 'cap-51');
    expect(embedded.exitCode).to.equal(1);
    const both = await kmsspec('replay', corpus('v6'), '--fault', 'cap-51', '--target', '127.0.0.1:1');
    expect(both).to.include({ exitCode: 2 });
    expect(both.stderr).to.contain('--fault is for the embedded lab host');
  });

  it('exits 3 where the target refuses, says nothing, resets or answers garbage', async () => {
    const scripts: [string, Parameters<typeof scriptedHost>[0]][] = [
      ['silent', () => undefined],
      ['resetting', (peer) => void peer.socket.resetAndDestroy()],
      ['garbage', (peer) => peer.send(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'))],
    ];
    for (const [name, script] of scripts) {
      const host = await scriptedHost(script);
      const argv = ['replay', corpus('v4-refused'), '--target', `127.0.0.1:${host.port}`, '--timeout', '80'];
      const run = await kmsspec(...argv);
      expect(run.exitCode, name).to.equal(3);
      expectOneLine(run);
      await host.close();
      const gone = await kmsspec(...argv);
      expect(gone.exitCode).to.equal(3);
      expect(gone.stderr).to.contain('refused the connection');
      expectOneLine(gone);
    }
  });
});
