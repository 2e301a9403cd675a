import { expect } from 'chai';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readExchanges } from '../../../captures';
import { type LabHost, startLabHost } from '../../lab-host';
import { packageRoot } from '../../support/package-root';
import { a, srv, startTestDns } from '../../testing/dns-server';
import { runInProcess } from '../testing/in-process';
import { VERBS } from '../verbs';

const DOMAIN = 'corp.example';
const CAPTURE = join(packageRoot(), 'captures/corpus/v4-refused.pcap');

/** A small job for each verb that sends. */
const JOBS: Readonly<Record<string, readonly string[]>> = {
  run: ['run', 'MSG-01'],
  replay: ['replay', CAPTURE],
  stream: ['stream', 'server*3'],
  fleet: ['fleet', '--clients', '3', '--days', '1'],
  fuzz: ['fuzz', '--runs', '12', '--levels', 'message', '--out', 'findings'],
  load: ['load', '--rate', '50', '--duration', '200ms'],
  probe: ['probe'],
  discover: ['discover', DOMAIN],
};

describe('--pcap FILE keeps every exchange of', function () {
  this.timeout(30_000);
  let folder: string;
  let host: LabHost;
  let asked: number;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-pcap-'));
    asked = 0;
    host = await startLabHost({ onRequest: () => void asked++ });
  });
  afterEach(async () => {
    await host.close();
    rmSync(folder, { recursive: true });
  });

  async function exchangesIn(name: string): Promise<number> {
    const reader = readExchanges(join(folder, name), { port: host.port });
    let count = 0;
    // What is answered by a fault never comes to be a request of the host's.
    for await (const { answer } of reader) if (answer?.kind !== 'fault') count++;
    expect(reader.report?.warnings).to.deep.equal([]);
    return count;
  }

  for (const [verb, job] of Object.entries(JOBS)) {
    it(verb, async () => {
      const dns = await startTestDns({
        records: [srv(DOMAIN, 'kms01.corp.example', host.port), a('kms01.corp.example', '127.0.0.1')],
      });
      const where = verb === 'discover' ? ['--dns', dns.address] : ['--target', `127.0.0.1:${host.port}`];
      try {
        const { stderr } = await runInProcess([...job, ...where, '--pcap', 'sent.pcapng'], { cwd: folder });
        expect(stderr).to.not.match(/error|unexpected/);
        expect(asked, 'requests that the host met').to.be.greaterThan(0);
        expect(await exchangesIn('sent.pcapng')).to.equal(asked);
      } finally {
        await dns.close();
      }
    });
  }

  it('all verbs that may send to a remote host; record and diff keep captures by --out', async () => {
    const senders: string[] = [];
    for (const { name } of VERBS) {
      const { stdout } = await runInProcess([name, '--help']);
      if (stdout.includes('--allow-remote')) senders.push(name);
    }
    expect(senders.sort()).to.deep.equal([...Object.keys(JOBS), 'record', 'diff'].sort());
  });

  it('nothing that it cannot keep: that is told, and no file is left', async () => {
    for (const [argv, says] of [
      [['load', '--threads', '2'], /leave out --threads/],
      [['fuzz', '--workers', '2'], /leave out --workers/],
      [['fleet', '--clients', '3'], /--via tcp/],
      [['record', '--out', 'out.pcapng'], /leave out --pcap/],
    ] as const) {
      const run = await runInProcess([...argv, '--pcap', 'none.pcapng'], { cwd: folder });
      expect(run.exitCode, argv.join(' ')).to.equal(2);
      expect(run.stderr).to.match(says);
      expect(existsSync(join(folder, 'none.pcapng'))).to.equal(false);
    }
  });
});
