import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReport, REPORT_SCHEMA } from '../../../reports/results/model';
import { type LabHost, startLabHost } from '../../lab-host';
import { packageRoot } from '../../support/package-root';
import { a, srv, startTestDns, type TestDnsServer } from '../../testing/dns-server';
import { runInProcess } from '../testing/in-process';

const CAPTURE = join(packageRoot(), 'captures/corpus/v4-one-connection-ndr64.pcap');

/** Each form is whole, and neither begins with anything else nor ends with it. */
const IS_WHOLE: Readonly<Record<string, (text: string) => void>> = {
  json: (text) => void JSON.parse(text),
  junit: (text) => expect(text).to.match(/^<\?xml [^]*<\/testsuites>\n$/),
  html: (text) => expect(text).to.match(/^<!doctype html>[^]*<\/html>\n$/i),
  markdown: (text) => expect(text).to.match(/^## /),
  csv: (text) => expect(text).to.match(/^index,stream,at,/),
};
const REPORTS = ['json', 'junit', 'html', 'markdown'];

describe('a form on standard output, - as its file', () => {
  let folder: string;
  let host: LabHost;
  let dns: TestDnsServer;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-stdout-'));
    host = await startLabHost();
    dns = await startTestDns({
      records: [srv('corp.example', 'kms01.corp.example', host.port), a('kms01.corp.example', '127.0.0.1')],
    });
    const saved = await runInProcess(['run', 'MSG-01', '--seed', '1', '--json', 'saved.json'], {
      cwd: folder,
    });
    expect(saved.exitCode).to.equal(0);
    for (const part of ['1', '2']) {
      const shard = ['--shard', `${part}/2`, '--json', `part-${part}.json`];
      await runInProcess(['run', 'MSG-01', 'MSG-02', '--seed', '1', ...shard], { cwd: folder });
    }
  });
  after(async () => {
    await dns.close();
    await host.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const verbs: Readonly<
    Record<string, { readonly forms: readonly string[]; readonly argv: () => string[] }>
  > = {
    run: { forms: REPORTS, argv: () => ['run', 'MSG-01'] },
    replay: { forms: REPORTS, argv: () => ['replay', CAPTURE] },
    stream: { forms: REPORTS, argv: () => ['stream', 'server*3'] },
    fleet: { forms: REPORTS, argv: () => ['fleet', '--clients', '5', '--days', '1', '--verbose'] },
    'fleet over TCP': {
      forms: REPORTS,
      argv: () => ['fleet', '--clients', '5', '--days', '1', '--via', 'tcp'],
    },
    load: { forms: REPORTS, argv: () => ['load', '--duration', '200ms', '--threads', '0'] },
    fuzz: { forms: REPORTS, argv: () => ['fuzz', '--runs', '10', '--out', 'findings', '--afresh'] },
    discover: { forms: REPORTS, argv: () => ['discover', 'corp.example', '--dns', dns.address] },
    report: { forms: REPORTS, argv: () => ['report', 'saved.json'] },
    merge: { forms: REPORTS, argv: () => ['merge', 'part-1.json', 'part-2.json'] },
    compare: { forms: ['json', 'html', 'markdown'], argv: () => ['compare', 'saved.json', 'saved.json'] },
    inspect: { forms: ['json', 'csv'], argv: () => ['inspect', CAPTURE] },
  };

  for (const [name, { forms, argv }] of Object.entries(verbs)) {
    it(`is all that ${name} writes there: ${forms.join(', ')}`, async () => {
      for (const form of forms) {
        const { exitCode, stdout } = await runInProcess([...argv(), `--${form}`, '-'], { cwd: folder });
        expect(exitCode, form).to.be.oneOf([0, 1, 4]);
        IS_WHOLE[form]!(stdout);
      }
    });

    it(`is one of ${name} alone: a second one is wrong usage`, async () => {
      const [first, second] = forms.slice(-2);
      const both = [`--${first}`, '-', `--${second}`, '-'];
      const { exitCode, stdout, stderr } = await runInProcess([...argv(), ...both], { cwd: folder });
      expect({ exitCode, stdout }).to.deep.equal({ exitCode: 2, stdout: '' });
      expect(stderr).to.match(/^kmsspec: --\w+ and --\w+ cannot both go to standard output/);
    });
  }

  for (const [name, { forms, argv }] of Object.entries(verbs)) {
    if (forms !== REPORTS) continue;
    it(`is of ${name} what the report says in that form, to the letter, and goes with another in a file`, async () => {
      for (const form of ['junit', 'html', 'markdown']) {
        const run = await runInProcess([...argv(), `--${form}`, '-', '--json', 'beside.json'], {
          cwd: folder,
        });
        const again = await runInProcess(['report', 'beside.json', `--${form}`, '-'], { cwd: folder });
        expect(run.stdout, form).to.equal(again.stdout);
        expect(parseReport(readFileSync(join(folder, 'beside.json'), 'utf8')).schema).to.equal(REPORT_SCHEMA);
      }
    });
  }

  it('is a capture that reads back, of every verb that keeps one', async () => {
    const sending = ['run', 'replay', 'stream', 'fleet over TCP', 'load', 'fuzz', 'discover'];
    for (const name of sending) {
      const file = join(folder, 'piped.pcapng');
      const argv = [...verbs[name]!.argv(), '--pcap', '-', '--json', 'beside.json'];
      const chunks: Buffer[] = [];
      await runInProcess(argv, { cwd: folder, onBytes: (bytes) => chunks.push(bytes) });
      writeFileSync(file, Buffer.concat(chunks));
      const { exitCode, stdout } = await runInProcess(['inspect', file, '--json', '-'], { cwd: folder });
      expect(exitCode, name).to.equal(0);
      const { exchanges, capture } = JSON.parse(stdout) as {
        exchanges: unknown[];
        capture: { warnings: unknown[] };
      };
      expect(exchanges, name).to.not.deep.equal([]);
      // What fuzz sends is to look odd.
      if (name !== 'fuzz') expect(capture.warnings, name).to.deep.equal([]);
    }
    const both = await runInProcess(['stream', 'server', '--pcap', '-', '--json', '-'], { cwd: folder });
    expect(both.exitCode).to.equal(2);
  });

  it('has one place: a second one is refused, whatever the verb and the form', async () => {
    for (const argv of [
      ['run', 'MSG-01', '--json', 'a', '--json', 'b'],
      ['run', 'MSG-01', '--pcap', 'a', '--pcap', 'b'],
      ['inspect', CAPTURE, '--json', 'a', '--json', 'b'],
      ['inspect', CAPTURE, '--csv', 'a', '--csv', 'b'],
      ['correlate', CAPTURE, CAPTURE, '--json', 'a', '--json', 'b'],
      ['fuzz', '--out', 'a', '--out', 'b'],
      ['probe', '--output', 'a', '--output', 'b'],
    ]) {
      const { exitCode, stdout, stderr } = await runInProcess(argv, { cwd: folder });
      expect([exitCode, stdout], argv.join(' ')).to.deep.equal([2, '']);
      expect(stderr)
        .to.contain(argv.at(-2)!)
        .and.to.match(/given twice/);
    }
  });
});
