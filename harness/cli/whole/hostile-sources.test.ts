import { expect } from 'chai';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { KmsClient } from '../../client';
import { CaptureFile } from '../../client/capture-file';
import { CaptureObserver } from '../../client/capture-observer';
import { MADE_LOGS } from '../../jobs/events/testing/made-logs';
import { madeRequests } from '../../jobs/events/testing/made-requests';
import { type LabHost, startLabHost } from '../../lab-host';
import { machineRequest } from '../../model/machine-request';
import { systemClock } from '../../support/clock';
import { Random } from '../../support/random';
import { a, srv, startTestDns, type TestDnsServer } from '../../testing/dns-server';
import { WorkFolder } from '../testing/capture-verbs';
import { actsIn, type Form, OUTSIDE_TEXTS } from '../testing/hostile-outputs';

const REPORTS: Readonly<Record<string, Form>> = {
  'o.json': 'json',
  'o.xml': 'xml',
  'o.html': 'html',
  'o.md': 'markdown',
};
const REPORT_WORDS = '--json o.json --junit o.xml --html o.html --markdown o.md'.split(' ');
const DOMAIN = 'corp.example';
const FORMATS: Readonly<Record<string, Form>> = {
  text: 'text',
  json: 'json',
  nagios: 'nagios',
  prometheus: 'prometheus',
  prtg: 'json',
};
const LOG = MADE_LOGS.find(({ name }) => name === 'lines.txt')!;

/** A label of DNS, which is any octets, 63 of them at most, but for the dot that our server would take for its end. */
const labelOf = (text: string, i: number): string =>
  `${Buffer.from(text.replaceAll('.', ' '), 'utf8').subarray(0, 50).toString('utf8').slice(0, 40)}${i}`;

const PROGRAM = 'while read line; do test "$line" = observe || printf "error "; cat said; echo; done';
/** Programs of a configuration that say what lies in the file `said`, each in its own way. */
const CONTROLS: Readonly<Record<string, object>> = {
  'on standard error, or as counters': {
    reset: ['/bin/sh', '-c', 'cat said >&2; exit 1'],
    observe: ['cat', 'said'],
  },
  'as why it failed, or in place of an answer': {
    ...{ command: ['/bin/sh', '-c', PROGRAM], persistent: true, offers: ['reset', 'observe'] },
  },
};

describe('text from DNS, from controls and from clients', function () {
  this.timeout(300_000);
  const folder = new WorkFolder();
  let host: LabHost;
  let dns: TestDnsServer;
  before(async () => {
    host = await startLabHost({ seed: 1 });
    const names = OUTSIDE_TEXTS.map((text, i) => `${labelOf(text, i)}.${DOMAIN}`);
    dns = await startTestDns({
      records: names.flatMap((name) => [srv(DOMAIN, name, host.port), a(name, '127.0.0.1')]),
    });
  });
  after(async () => {
    await dns.close();
    await host.close();
  });

  /** Runs a line, and looks through all that it tells and writes. */
  async function expectSeen(
    argv: readonly string[],
    outputs: Readonly<Record<string, Form>>,
  ): Promise<string> {
    const { stdout, stderr } = await folder.run(argv);
    const all = [stdout, stderr];
    expect(stderr, 'no defect of ours').to.not.contain('unexpected:');
    for (const [text, form, where] of [
      [stdout, 'text', 'standard output'],
      [stderr, 'text', 'standard error'],
      ...Object.entries(outputs).map(([name, form]) => [read(folder.file(name)), form, name] as const),
    ] as const) {
      all.push(text);
      if (text !== '') expect(actsIn(form, text), `${where} of ${argv.join(' ')}`).to.equal(null);
    }
    return all.join('\n');
  }
  const read = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');

  it('acts in no output of discover, where it is the name of a host', async () => {
    const told = await expectSeen(
      ['discover', DOMAIN, '--dns', dns.address, '--timeout', '5000', ...REPORT_WORDS],
      REPORTS,
    );
    expect(told).to.contain(DOMAIN);
  });

  for (const [format, form] of Object.entries(FORMATS)) {
    it(`acts in nothing that probe writes as ${format}, where it is the name of a host`, () =>
      expectSeen(['probe', '--domain', DOMAIN, '--dns', dns.address, '--format', format, '--output', 'o'], {
        o: form,
      }));
  }

  it('acts in no output of run and load, where the target is found by such names', async () => {
    for (const argv of [
      ['run', 'DNS-0*', 'MSG-01'],
      ['load', '--rate', '20', '--duration', '200ms', '--threads', '0'],
    ])
      await expectSeen([...argv, '--target', `.${DOMAIN}`, '--dns', dns.address, ...REPORT_WORDS], REPORTS);
  });

  for (const [how, controls] of Object.entries(CONTROLS)) {
    it(`acts in no output where a control says it ${how}`, async () => {
      writeFileSync(folder.file('c.yaml'), JSON.stringify({ controls }));
      let told = '';
      for (const text of OUTSIDE_TEXTS) {
        writeFileSync(folder.file('said'), text);
        const line = [
          'run',
          'CACHE-11',
          'OBS-01',
          '--config',
          'c.yaml',
          '--target',
          `127.0.0.1:${host.port}`,
          '--timeout',
          '3000',
        ];
        told += await expectSeen([...line, ...REPORT_WORDS], REPORTS);
      }
      // What it said is told: it is what helps.
      expect(told).to.match(/the control (?:reset|observe)/);
    });
  }

  it('acts in no output where it is the name of a workstation in a capture, and none of it is in a comment there', async () => {
    const capture = new CaptureObserver(new CaptureFile(folder.file('in.pcapng')));
    const client = new KmsClient({ endpoint: { host: '127.0.0.1', port: host.port }, observer: capture });
    for (const [i, text] of OUTSIDE_TEXTS.entries()) {
      const request = machineRequest({ product: 'win7', random: new Random(i), clock: systemClock });
      await client.activate({ ...request, workstationName: text.replaceAll('\0', '').slice(0, 60) || 'x' });
    }
    await client.close();
    capture.finish();
    writeFileSync(folder.file('log.txt'), LOG.write(madeRequests(3)));
    const target = ['--target', `127.0.0.1:${host.port}`];
    for (const [argv, outputs] of [
      [['inspect', 'in.pcapng', '--csv', 'o.csv', '--json', 'o.json'], { 'o.csv': 'csv', 'o.json': 'json' }],
      [['inspect', 'in.pcapng', '--fields'], {}],
      [['inspect', 'in.pcapng', '--events'], {}],
      [['inspect', 'in.pcapng', '--history', 'o.json'], { 'o.json': 'json' }],
      [['correlate', 'in.pcapng', 'log.txt', '--json', 'o.json'], { 'o.json': 'json' }],
      [['replay', 'in.pcapng', ...target, '--pcap', 'again.pcapng', ...REPORT_WORDS], REPORTS],
    ] as const)
      await expectSeen([...argv], outputs);
    for (const name of ['in.pcapng', 'again.pcapng'])
      expect(optionsIn(readFileSync(folder.file(name))), name).to.deep.equal(['kmsspec', '\t']);
  });
});

/** Every option of a pcapng file as text: what readers show beside the packets. */
function optionsIn(file: Buffer): string[] {
  const FIXED: Readonly<Record<number, number>> = { 0x0a0d0d0a: 16, 1: 8 };
  const found: string[] = [];
  for (let block = 0; block < file.length; block += file.readUInt32LE(block + 4)) {
    const type = file.readUInt32LE(block);
    const end = block + file.readUInt32LE(block + 4) - 4;
    const kept = type === 6 ? 20 + Math.ceil(file.readUInt32LE(block + 20) / 4) * 4 : FIXED[type];
    expect(kept, `a block of type ${type}`).to.not.equal(undefined);
    for (let at = block + 8 + kept!; at + 4 <= end; ) {
      const [code, size] = [file.readUInt16LE(at), file.readUInt16LE(at + 2)];
      if (code !== 0) found.push(file.toString('latin1', at + 4, at + 4 + size));
      at += 4 + Math.ceil(size / 4) * 4;
    }
  }
  return found;
}
