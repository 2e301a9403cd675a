import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReport } from '../../../reports/results/model';
import { failureOf } from '../../client/host-failure';
import { type LabHost, startLabHost } from '../../lab-host';
import { packageRoot } from '../../support/package-root';
import { a, srv, startTestDns, type TestDnsServer } from '../../testing/dns-server';
import { describeError } from '../output/describe-error';
import { VERBS } from '../verbs';

const MAIN = join(packageRoot(), 'dist/harness/cli/main.js');

/** Runs the program with so few descriptors that it cannot do what it was asked for. */
async function runWith(descriptors: number, argv: readonly string[], cwd?: string) {
  const words = [process.execPath, MAIN, ...argv].map((word) => `'${word}'`).join(' ');
  const child = spawn('sh', ['-c', `ulimit -n ${descriptors}; exec ${words}`], {
    cwd,
    env: { ...process.env, XDG_STATE_HOME: cwd },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const hangs = setTimeout(() => child.kill('SIGKILL'), 90_000);
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => (said[stream] += text));
  const [status] = (await once(child, 'close')) as [number | null];
  clearTimeout(hangs);
  return { status, ...said };
}

const CAPTURE = join(packageRoot(), 'captures/corpus/v4-mixed-growth.pcap');
const REPORT = ['--json', '-'];
const ENOUGH = 1024;

/** Every verb that sends, on a line that takes many connections where one can. `{}` is a good host beside it. */
const SENDING: Readonly<Record<string, readonly (readonly string[])[]>> = {
  run: [
    ['run', 'MSG', 'RPC-0*', ...REPORT],
    ['run', 'MSG', 'RPC-0*', '--target', '{}', ...REPORT],
  ],
  load: [
    ['load', '--rate', '400', '--duration', '1s', ...REPORT],
    ['load', '--rate', '400', '--duration', '1s', '--target', '{}', ...REPORT],
  ],
  fuzz: [
    ['fuzz', '--runs', '200', '--seed', '1', '--out', 'found', ...REPORT],
    ['fuzz', '--runs', '200', '--seed', '1', '--workers', '2', ...REPORT],
    ['fuzz', '--runs', '50', '--target', '{}', ...REPORT],
  ],
  diff: [
    ['diff', 'lab', 'lab', '--runs', '100', ...REPORT],
    ['diff', '{}', 'lab', '--runs', '100', ...REPORT],
  ],
  replay: [
    ['replay', CAPTURE, ...REPORT],
    ['replay', CAPTURE, '--target', '{}', ...REPORT],
  ],
  stream: [
    ['stream', 'par(client*60)', ...REPORT],
    ['stream', 'par(client*60)', '--target', '{}', ...REPORT],
  ],
  fleet: [
    ['fleet', '--clients', '60', '--days', '2', ...REPORT],
    ['fleet', '--clients', '60', '--days', '2', '--target', '{}', ...REPORT],
    ['fleet', '--clients', '60', '--days', '2', '--via', 'tcp', ...REPORT],
  ],
  probe: [['probe', '--target', '{}', '--format', 'json']],
  discover: [['discover', 'lab.example', '--dns', '{dns}', ...REPORT]],
};
/** They pass on what others send, and judge nobody. */
const PASSING_ON = ['host', 'record', 'ctl'];

describe('a machine that does not suffice', function () {
  this.timeout(120_000);
  let host: LabHost;
  let dns: TestDnsServer;
  let folder: string;
  before(async () => {
    host = await startLabHost();
    const name = 'kms.lab.example';
    dns = await startTestDns({ records: [srv('lab.example', name, host.port), a(name, '127.0.0.1')] });
  });
  after(() => Promise.all([host.close(), dns.close()]));
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kmsspec-limits-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('every verb that sends is in the table', () => {
    const silent = VERBS.filter(({ onlyComputes }) => onlyComputes).map(({ name }) => name);
    const reading = ['inspect', 'anonymise', 'coverage'];
    expect([...Object.keys(SENDING), ...PASSING_ON, ...silent, ...reading].sort()).to.deep.equal(
      VERBS.map(({ name }) => name).sort(),
    );
  });

  for (const descriptors of [30, 26, 22]) {
    for (const line of Object.values(SENDING).flat()) {
      it(`with ${descriptors} descriptors accuses nobody, and says so: ${line.join(' ')}`, async function () {
        if (process.platform === 'win32') return;
        const words = { '{}': `127.0.0.1:${host.port}`, '{dns}': dns.address };
        const argv = line.map((word) => words[word as keyof typeof words] ?? word);
        const { status, stdout, stderr } = await runWith(descriptors, argv, folder);
        expect(status, stderr).to.be.oneOf([0, 4]);
        expect(readdirSync(folder).includes('found') ? readdirSync(join(folder, 'found')) : []).to.satisfy(
          (names: string[]) => names.every((name) => !/^(conforms|alive)/.test(name)),
        );
        if (status === 4 && stdout === '') {
          // It did not come so far as to begin.
          return void expect(stderr).to.match(/did not suffice|EMFILE|too many open files/);
        }
        if (line[0] === 'probe') return void expectProbeKnows(stdout, status);
        const { results, run, findings = [] } = parseReport(stdout);
        expect(results.filter(({ outcome }) => outcome === 'failed')).to.deep.equal([]);
        expect(findings).to.deep.equal([]);
        if (status === 0) return void expect(run.limits).to.equal(undefined);
        if (run.limits === undefined) {
          // They were enough, and the host is one of which no more can be said.
          return void expect((await runWith(ENOUGH, argv, folder)).status).to.equal(status);
        }
        expect(run.limits.join()).to.match(/open files|thread/);
      });
    }
  }

  it('is no host that cannot be reached', () => {
    const endpoint = { host: '127.0.0.1', port: 1 };
    for (const code of ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EADDRNOTAVAIL']) {
      const failure = failureOf(Object.assign(new Error(code), { code }), 'connect', endpoint);
      expect(describeError(failure).exitCode, code).to.equal(4);
    }
  });

  it('is met at all: 30 descriptors are too few for the messages of the catalogue', async () => {
    const { status, stderr } = await runWith(30, ['run', 'MSG', '--quiet']);
    expect(status, stderr).to.equal(4);
  });
});

/** A probe is well, or does not know. */
function expectProbeKnows(stdout: string, status: number | null): void {
  const { state, problems } = JSON.parse(stdout) as { state: string; problems: { message: string }[] };
  expect(state).to.equal(status === 0 ? 'ok' : 'unknown');
  if (status !== 0) expect(problems[0]!.message).to.contain('this machine did not suffice');
}
