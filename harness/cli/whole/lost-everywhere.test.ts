import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { writeJson } from '../../../reports/formats/json';
import type { Report } from '../../../reports/results/model';
import { reportOf, resultOf } from '../../../reports/testing/sample-report';
import { MADE_LOGS } from '../../jobs/events/testing/made-logs';
import { madeRequests } from '../../jobs/events/testing/made-requests';
import { packageRoot } from '../../support/package-root';
import { a, srv, startTestDns, type TestDnsServer } from '../../testing/dns-server';
import { startLabHost, type LabHost } from '../../lab-host';
import { exitCodeOfLost } from '../output/lost-output';
import { commandTree } from '../reference/command-tree';
import { corpus, WorkFolder } from '../testing/capture-verbs';
import { shellWords } from '../testing/documented-commands';
import { FailingOutput } from '../testing/failing-output';
import { VERBS } from '../verbs';

const CAPTURE = corpus('v4-refused');
const DOMAIN = 'corp.example';
const PLAIN_LOG = MADE_LOGS.find(({ name }) => name === 'lines.txt')!;

/** A line or more for each verb that say something on standard output; `{}` are ports of what stands there for the test. */
const LINES: Readonly<Record<string, readonly string[]>> = {
  run: ['run MSG-01', 'run MSG-01 --fault answers-as-4-1'],
  replay: [`replay "${corpus('v4-mixed-growth')}" --filter index=0-2`],
  inspect: [`inspect "${CAPTURE}"`],
  stream: ['stream client*3'],
  record: ['record --listen 127.0.0.1:0 --out new.pcapng'],
  'check-history': [`check-history "${join(packageRoot(), 'examples/histories/lost-update.json')}"`],
  anonymise: [`anonymise "${CAPTURE}" new.pcap`],
  fleet: ['fleet --clients 2 --days 1'],
  fuzz: ['fuzz --runs 20 --seed 1', 'fuzz --runs 60 --seed 4 --fault own-previous-cmid-forgets'],
  diff: ['diff lab lab:answers-as-4-1 --runs 0 --stop-on-difference'],
  load: ['load --rate 20 --duration 200ms --threads 0'],
  host: ['host --port 0'],
  ctl: ['ctl {control} status'],
  compare: ['compare good.json good.json', 'compare good.json bad.json'],
  merge: ['merge good-part.json', 'merge bad-part.json'],
  matrix: ['matrix good.json --out site'],
  report: ['report good.json', 'report bad.json'],
  list: ['list faults'],
  explain: ['explain MSG-01'],
  discover: [`discover ${DOMAIN} --dns 127.0.0.1:{dns}`],
  probe: ['probe --target 127.0.0.1:{host}', 'probe --target 127.0.0.1:{host} --min-count 1000'],
  correlate: [`correlate "${CAPTURE}" log.txt`],
  coverage: ['coverage map'],
  dissector: ['dissector'],
  vectors: ['vectors --out made'],
  schema: ['schema report'],
  completion: ['completion bash'],
};
/** They serve until a signal comes. */
const SERVING = ['record', 'host'];

/** Options whose file is written once there is a verdict. */
const OF_RESULTS = new Set('--json --junit --html --markdown --csv --history --output'.split(' '));

describe('an output that is lost, of every verb', function () {
  this.timeout(120_000);
  const folder = new WorkFolder();
  let host: LabHost;
  let dns: TestDnsServer;
  let control: Server;
  before(async () => {
    host = await startLabHost({ seed: 1 });
    dns = await startTestDns({
      records: [srv(DOMAIN, `kms01.${DOMAIN}`, host.port), a(`kms01.${DOMAIN}`, '127.0.0.1')],
    });
    control = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end('ok 3\n'));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => control.once('listening', resolve));
  });
  after(async () => {
    control.close();
    await dns.close();
    await host.close();
  });
  beforeEach(() => {
    const good = reportOf([resultOf('CNT-01')]);
    const bad = reportOf([resultOf('CNT-01', { outcome: 'failed', message: 'it said 2' })]);
    const part = ({ run, ...rest }: Report): Report => ({
      ...rest,
      run: { ...run, shard: { index: 1, of: 1 } },
    });
    const reports = { good, bad, 'good-part': part(good), 'bad-part': part(bad) };
    for (const [name, report] of Object.entries(reports))
      writeFileSync(folder.file(`${name}.json`), writeJson(report));
    writeFileSync(folder.file('log.txt'), PLAIN_LOG.write(madeRequests(2)));
    writeFileSync(folder.file('map'), Buffer.alloc(1 << 16));
  });

  const wordsOf = (line: string): string[] => {
    const ports = { host: host.port, dns: dns.port, control: (control.address() as AddressInfo).port };
    return shellWords(line).map((word) =>
      word.replace(/\{(\w+)\}/, (_, name: keyof typeof ports) => String(ports[name])),
    );
  };
  const run = (argv: readonly string[], stdout?: FailingOutput) =>
    folder.run(argv, {
      stdin: ['coverage\n'],
      ...(stdout === undefined ? {} : { stdout }),
      ...(SERVING.includes(argv[0]!) ? { signal: AbortSignal.timeout(300) } : {}),
    });
  const expectTold = (stderr: string, what: string | RegExp, where: string): void => {
    const told = stderr.split('\n').filter((line) => /cannot be written|went away/.test(line));
    expect(told, `${where}: ${stderr}`).to.have.length(1);
    expect(told[0], where)
      .to.match(/^kmsspec: /)
      .and.match(new RegExp(what));
    expect(stderr, where).to.not.match(/unexpected:|\n {4}at /);
  };

  it('is looked for in each', () => {
    expect(Object.keys(LINES).sort()).to.deep.equal(VERBS.map(({ name }) => name).sort());
  });

  for (const { name, options } of commandTree(VERBS)) {
    for (const line of LINES[name] ?? []) {
      const shown = line.replaceAll(join(packageRoot(), '/'), '');

      it(`standard output that is full, or goes away: ${shown}`, async () => {
        const { exitCode, stdout } = await run(wordsOf(line));
        expect(stdout, 'says something').to.not.equal('');
        for (const errno of ['ENOSPC', 'EPIPE'] as const) {
          const lost = await run(wordsOf(line), new FailingOutput(errno, 0));
          // Who reads with `head` had enough; what a program reads is never given there.
          const expected = errno === 'EPIPE' ? exitCode : exitCodeOfLost(exitCode);
          expect(lost.exitCode, `${errno}: ${lost.stderr}`).to.equal(expected);
          expectTold(lost.stderr, 'standard output', errno);
        }
      });

      const files = options.filter(({ kind, long }) => kind === 'file' && OF_RESULTS.has(long));
      for (const { long } of files) {
        it(`${long} on a full disk, or standard output that is lost: ${shown}`, async () => {
          const { exitCode } = await run([...wordsOf(line), long, 'kept']);
          const full = await run([...wordsOf(line), long, '/dev/full']);
          expect(full.exitCode, full.stderr).to.equal(exitCodeOfLost(exitCode));
          expectTold(full.stderr, '/dev/full cannot be written', long);
          // A report that was cut is lost, whoever cut it.
          const lost = await run([...wordsOf(line), long, '-'], new FailingOutput('EPIPE', 10));
          expect(lost.exitCode, lost.stderr).to.equal(exitCodeOfLost(exitCode));
          expectTold(lost.stderr, 'standard output', long);
        });
      }
    }
  }
});
