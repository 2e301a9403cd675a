import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../support/package-root';
import { a, srv, startTestDns, type TestDnsServer } from '../../testing/dns-server';
import { writeEvtx } from '../../jobs/events/testing/evtx-writer';
import { runInProcess } from '../testing/in-process';

const FIELD = join(packageRoot(), 'harness/jobs/events/testing/field');
const CAPTURE = join(FIELD, 'base.pcap');
const LINES = readFileSync(join(FIELD, 'one-data.xml'), 'utf8')
  .match(/<Data>[^<]*/g)!
  .map((data) => data.slice('<Data>'.length));

describe('the exit code of kmsspec correlate', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'kmsspec-verdicts-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const run = (log: string | Uint8Array, ...options: string[]) => {
    const file = join(folder, 'kms.log');
    writeFileSync(file, log);
    return runInProcess(['correlate', CAPTURE, file, ...options], { cwd: folder });
  };
  const table = (rows: readonly (readonly [id: number, message: string])[]): string =>
    ['Id,Message', ...rows.map(([id, message]) => `${id},"${message}"`)].join('\r\n');

  it('is 2 where no line of a request can be read, whatever the form, and nothing is called missed', async () => {
    const cut = LINES.map((line) => line.slice(0, 60));
    for (const log of [
      table(LINES.map(() => [12290, "The description for Event ID '12290' cannot be found."])),
      cut.join('\n'),
      writeEvtx(cut.map((line) => ({ id: 12290, data: [line] }))),
      JSON.stringify(cut.map((line) => ({ Id: 12290, Message: line }))),
      readFileSync(join(FIELD, 'one-data.xml'), 'utf8').replaceAll(/<Data>[^<]*<\/Data>/g, ''),
    ]) {
      const { exitCode, stdout, stderr } = await run(log);
      expect({ exitCode, stdout }).to.deep.equal({ exitCode: 2, stdout: '' });
      expect(stderr)
        .to.contain('4 events 12290, and the line of a request in none of them')
        .and.to.contain('wevtutil epl');
    }
  });

  it('is 4 where the log holds no 12290, which is said', async () => {
    for (const log of [
      table([
        [
          12294,
          "Publishing the Key Management Service (KMS) to DNS in the 'corp.example.test' domain is successful.",
        ],
      ]),
      writeEvtx([
        { id: 12294, data: ['corp.example.test'] },
        { id: 1003, data: ['x'] },
      ]),
      writeEvtx([]),
    ]) {
      const { exitCode, stdout } = await run(log);
      expect({ exitCode }).to.deep.equal({ exitCode: 4 });
      expect(stdout).to.contain('the log holds no event 12290').and.to.not.contain('missed: exchange');
    }
  });

  it('is 4 where the log holds nothing of the time of the capture, which is said', async () => {
    for (const day of ['2026/11/14', '2025/11/21', '2026/11/22']) {
      const { exitCode, stdout } = await run(LINES.map((line) => line.replace('2026/11/21', day)).join('\n'));
      expect({ exitCode }, day).to.deep.equal({ exitCode: 4 });
      expect(stdout)
        .to.contain('0 missed, 4 undecided')
        .and.to.contain(`the log holds requests from ${day} 7:16`);
    }
  });

  it('is 1 where the log covers the time and one is not in it', async () => {
    const { exitCode, stdout } = await run(LINES.slice(1).join('\n'));
    expect({ exitCode }).to.deep.equal({ exitCode: 1 });
    expect(stdout)
      .to.contain('missed: exchange 0')
      .and.to.contain('3 logged, 0 logged differently, 1 missed; 0 events');
  });

  it('is 4 where one is not found, and one event could not be read', async () => {
    const rows = LINES.map((line, i): [number, string] => [12290, i === 0 ? 'cut' : line]);
    const { exitCode, stdout, stderr } = await run(table(rows));
    expect({ exitCode }).to.deep.equal({ exitCode: 4 });
    expect(stdout).to.contain('it may be among the events that could not be read');
    expect(stderr.match(/warning/g)).to.have.length(1);
  });

  it('comes with one warning for each kind, however many there are', async () => {
    const { exitCode, stderr } = await run(
      [...LINES, ...Array.from({ length: 500 }, () => 'noise')].join('\n'),
    );
    expect({ exitCode }).to.deep.equal({ exitCode: 0 });
    expect(stderr).to.match(/^kmsspec: warning: \S+, line 5: no line of an event; 500 in all\n$/);
  });

  it('names the program that makes a log of what is none', async () => {
    for (const [bytes, advice] of [
      ['300000004c664c6501000000', 'wevtutil epl /lf:true'],
      ['504b0304140006000800', 'save the sheet as CSV'],
      ['fd377a585a000004', 'xz -d'],
    ] as const) {
      const { exitCode, stderr } = await run(Buffer.from(bytes, 'hex'));
      expect({ exitCode }).to.deep.equal({ exitCode: 2 });
      expect(stderr).to.contain(advice);
    }
  });
});

describe('what else a log tells', () => {
  let folder: string;
  let dns: TestDnsServer;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kmsspec-told-'));
    dns = await startTestDns({
      records: [
        srv('right.example.test', 'kms01.example.test', 1688),
        srv('other.example.test', 'kms09.example.test', 1688),
        a('kms01.example.test', '127.0.0.1'),
        a('kms09.example.test', '127.0.0.1'),
      ],
      behaviour: (name) => (name.includes('broken') ? 'servfail' : 'answer'),
    });
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await dns.close();
  });
  const requests = LINES.map((line) => ({ id: 12290, data: [line] }));
  const correlated = async (
    publications: readonly { id: number; data: string[] }[],
    ...options: string[]
  ) => {
    const file = join(folder, 'kms.evtx');
    writeFileSync(file, writeEvtx([...publications, ...requests]));
    return runInProcess(['correlate', CAPTURE, file, ...options], { cwd: folder });
  };
  const published = (domain: string) => ({ id: 12294, data: [domain] });
  const failed = (domain: string) => ({ id: 12293, data: ['0x8007232A', domain] });

  it('is whether the host could publish itself in DNS, the last event of each domain', async () => {
    const { exitCode, stdout } = await correlated([
      failed('right.example.test'),
      published('right.example.test'),
      failed('new.example.test'),
    ]);
    expect({ exitCode }).to.deep.equal({ exitCode: 0 });
    expect(stdout)
      .to.contain('DNS of right.example.test: published, says the host (event record 2)')
      .and.to.contain('DNS of new.example.test: not published, 0x8007232A (event record 3)');
  });

  it('is held against the zone with --dns', async () => {
    for (const [event, expected, said] of [
      [published('right.example.test'), 0, 'the zone has kms01.example.test:1688'],
      [published('missing.example.test'), 1, 'the zone has no SRV record _vlmcs._tcp (DNS-01)'],
      [published('other.example.test'), 1, 'the zone has only kms09.example.test:1688'],
      [failed('missing.example.test'), 1, 'could not publish itself, and the zone has no SRV record'],
      [failed('right.example.test'), 0, 'could not publish itself; the zone has kms01.example.test:1688'],
      [published('broken.example.test'), 4, 'DNS of broken.example.test'],
    ] as const) {
      const { exitCode, stdout } = await correlated([event], '--dns', dns.address);
      expect({ exitCode }, stdout).to.deep.equal({ exitCode: expected });
      expect(stdout).to.contain(said);
    }
    const { stdout } = await correlated(
      [published('missing.example.test')],
      '--dns',
      dns.address,
      '--json',
      '-',
    );
    const { dns: judged } = JSON.parse(stdout) as { dns: { domain: string; verdict: string }[] };
    expect(judged.map(({ domain, verdict }) => ({ domain, verdict }))).to.deep.equal([
      { domain: 'missing.example.test', verdict: 'not-as-logged' },
    ]);
  });

  it('is what clients asked, and whether the capture has it', async () => {
    const [, , , cmid, , , status, minutes, sku] = LINES[0]!.split(', ');
    const asked = (id: string, hresult: string) =>
      `${hresult}, 0x0, kms01.example.test:1688, ${id}, 2026/11/21 7:16, 0, ${status}, ${minutes}, ${sku}, 25`;
    const file = join(folder, 'client.evtx');
    writeFileSync(
      file,
      writeEvtx([
        { id: 12288, data: [asked(cmid!, '0x0')] },
        { id: 12288, data: [asked('00000000-0000-4000-8000-000000000001', '0xC004F074')] },
        { id: 12289, data: ['0x0, 0x0, 1, 0, 27, 120, 10080, 2026/11/21 7:16'] },
      ]),
    );
    const { exitCode, stdout } = await runInProcess(['correlate', CAPTURE, file], { cwd: folder });
    expect({ exitCode }).to.deep.equal({ exitCode: 4 });
    expect(stdout)
      .to.contain('2 events 12288: what clients asked')
      .and.to.contain(
        `event record 1, ${cmid} of kms01.example.test:1688 at 2026/11/21 7:16: sent; exchange 0`,
      )
      .and.to.contain('0xC004F074; not in the capture')
      .and.to.contain('1 events 12289: answers processed, 1 of them activated')
      .and.to.contain('the log holds no event 12290');
  });
});
