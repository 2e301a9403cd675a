import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readExchanges } from '../../../captures';
import { exchangeEventLine } from '../../jobs/events';
import { packageRoot } from '../../support/package-root';
import { runInProcess } from '../testing/in-process';

const CAPTURE = join(packageRoot(), 'captures/corpus/v4-one-connection-ndr64.pcap');

describe('kmsspec correlate', () => {
  let folder: string;
  let lines: string[];
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-correlate-'));
    lines = [];
    for await (const exchange of readExchanges(CAPTURE)) lines.push(exchangeEventLine(exchange)!);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  const log = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const run = (...argv: string[]) => runInProcess(['correlate', ...argv], { cwd: folder });

  it('exits with 0 where all was logged, with 1 where not', async () => {
    const whole = await run(CAPTURE, log('all.log', lines.join('\n')));
    expect(whole).to.deep.include({ exitCode: 0, stderr: '' });
    expect(whole.stdout).to.contain(
      '12 requests: 12 logged, 0 logged differently, 0 missed; 0 events of other requests',
    );
    const part = await run(CAPTURE, log('part.log', lines.slice(1).join('\n')), '--json', 'out.json');
    expect(part.exitCode).to.equal(1);
    expect(part.stdout).to.match(/^missed: exchange 0, /);
  });

  it('reads what a report keeps', async () => {
    const exchanges = [];
    for await (const exchange of readExchanges(CAPTURE)) exchanges.push(exchange);
    const evidence = exchanges.slice(0, 3).flatMap(({ pdus }) => [
      { direction: 'sent', pdu: 'request', hex: Buffer.from(pdus.sent[0]!).toString('hex') },
      { direction: 'received', pdu: 'response', hex: Buffer.from(pdus.received[0]!).toString('hex') },
    ]);
    const report = {
      schema: 'kmsspec.report/1',
      tool: { name: 'kmsspec', version: '0' },
      run: { startedAt: '2026-11-21T00:00:00Z', durationMs: 1, seed: 1, shard: null, command: 'kmsspec run' },
      target: { address: '127.0.0.1:1688', embedded: false, profile: 'win7-2008r2', controls: [] },
      summary: {
        passed: 0,
        failed: 1,
        inconclusive: 0,
        untestable: 0,
        expectedFailure: 0,
        unexpectedPass: 0,
        excluded: 0,
        notRun: 0,
      },
      results: [
        {
          id: 'CNT-01',
          level: 'MUST',
          suite: 'CNT',
          title: 't',
          source: 's',
          outcome: 'failed',
          durationMs: 1,
          evidence,
        },
      ],
    };
    const file = log('report.json', JSON.stringify(report));
    const { exitCode, stdout } = await run(
      file,
      log('three.log', lines.slice(0, 3).join('\n')),
      '--json',
      '-',
    );
    expect(exitCode).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.include({
      schema: 'kmsspec.correlation/1',
      summary: { logged: 3, loggedDifferently: 0, missed: 0, undecided: 0, unmatched: 0, notComparable: 0 },
    });
  });

  it('exits with 4 where there is nothing to compare, with 2 where a file is none', async () => {
    const sealed = join(packageRoot(), 'captures/corpus/v6.pcap');
    const all = log('all.log', lines.join('\n'));
    expect((await run(sealed, all)).exitCode).to.equal(4);
    for (const [capture, events, what] of [
      ['missing.pcap', all, 'missing.pcap'],
      [CAPTURE, 'missing.log', 'missing.log'],
      [all, all, 'all.log'],
      [CAPTURE, CAPTURE, 'it is a capture'],
    ] as const) {
      const { exitCode, stderr } = await run(capture, events);
      expect({ exitCode }, what).to.deep.equal({ exitCode: 2 });
      expect(stderr).to.contain(what).and.to.not.contain('unexpected');
    }
  });

  it('warns of lines that are none, and fails on them with --strict', async () => {
    const noisy = log('noisy.log', [...lines, 'noise'].join('\n'));
    const lenient = await run(CAPTURE, noisy);
    expect(lenient.exitCode).to.equal(0);
    expect(lenient.stderr).to.contain('line 13');
    expect((await run(CAPTURE, noisy, '--strict')).exitCode).to.equal(2);
  });
});

describe('kmsspec inspect --events', () => {
  it('prints lines that correlate finds all logged', async () => {
    const { exitCode, stdout } = await runInProcess(['inspect', CAPTURE, '--events']);
    expect(exitCode).to.equal(0);
    expect(stdout.split('\n')).to.have.length(13);
    expect(stdout).to.match(
      /^0x0, 25, \S+, daa4d352-e608-4e57-a5ad-7d2c55dbf3b5, 2026\/11\/21 7:16, 0, \d, \d+, [0-9a-f-]{36}$/m,
    );
    expect((await runInProcess(['inspect', CAPTURE, '--events', '--fields'])).exitCode).to.equal(2);
  });
});
