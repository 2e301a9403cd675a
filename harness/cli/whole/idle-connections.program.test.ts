import { expect } from 'chai';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KmsClient } from '../../client';
import { type LabHost, startLabHost } from '../../lab-host';
import { sendControl } from '../../lab-host/control';
import { machineRequest } from '../../model/machine-request';
import { systemClock } from '../../support/clock';
import { packageRoot } from '../../support/package-root';
import { Random } from '../../support/random';

const MAIN = join(packageRoot(), 'dist/harness/cli/main.js');
const DESCRIPTORS = 64;
/** Each of them costs a descriptor at least: there is no room for all. */
const IDLE = 4 * DESCRIPTORS;

describe('servers whose descriptors others use up', function () {
  this.timeout(60_000);
  let folder: string;
  let behind: LabHost;
  let child: ChildProcess;
  let said: string;
  const idle: Socket[] = [];
  before(async () => (behind = await startLabHost()));
  after(() => behind.close());
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kmsspec-idle-'))));
  afterEach(async () => {
    for (const socket of idle.splice(0)) socket.destroy();
    const over = once(child, 'close');
    child.kill('SIGTERM');
    await over;
    rmSync(folder, { recursive: true, force: true });
  });

  /** Starts a verb with few descriptors, and waits for what tells where it listens. */
  async function start(argv: readonly string[], listening: RegExp): Promise<readonly string[]> {
    const words = [process.execPath, MAIN, ...argv].map((word) => `'${word}'`).join(' ');
    child = spawn('sh', ['-c', `ulimit -n ${DESCRIPTORS}; exec ${words}`], { cwd: folder });
    said = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (said += text));
    let out = '';
    for await (const text of child.stdout!.setEncoding('utf8')) {
      out += text as string;
      const match = listening.exec(out);
      if (match !== null) return match.slice(1);
    }
    throw new Error(`it does not listen: ${out}${said}`);
  }

  async function openIdle(port: number, count = IDLE): Promise<void> {
    for (let i = 0; i < count; i++) {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      idle.push(socket);
      await once(socket, 'connect');
    }
  }

  /** Clients that come while others hold connections, and one that was there before and speaks again and again. */
  async function expectServed(port: number): Promise<void> {
    const client = new KmsClient({ endpoint: { host: '127.0.0.1', port } });
    const random = new Random(port);
    const ask = (): Promise<unknown> =>
      client.activate(machineRequest({ product: 'win7', random, clock: systemClock }));
    const kept = await client.session();
    for (let round = 0; round < 8; round++) {
      await openIdle(port, IDLE / 8);
      const { answer } = await kept.activate(machineRequest({ product: 'win7', random, clock: systemClock }));
      expect(answer?.kind).to.equal('response');
    }
    for (let i = 0; i < 5; i++) expect(await ask()).to.have.nested.property('answer.kind', 'response');
    await client.close();
  }

  it('the lab host lets go of idle connections, and serves who asks', async function () {
    if (process.platform === 'win32') return this.skip();
    const [port] = await start(['host', '--port', '0'], /listening on 127\.0\.0\.1:(\d+)/);
    await expectServed(Number(port));
    await expectSomeLetGo();
  });

  it('record lets go of idle connections, serves who asks, and says so once', async function () {
    if (process.platform === 'win32') return this.skip();
    const to = `127.0.0.1:${behind.port}`;
    const argv = ['record', '--listen', '127.0.0.1:0', '--out', 'out.pcapng', '--target', to];
    const [port] = await start(argv, /recording 127\.0\.0\.1:(\d+)/);
    await expectServed(Number(port));
    await expectSomeLetGo();
    expect(said.match(/silent ones are let go of/g)).to.have.length(1);
    expect(said).to.not.match(/EMFILE|unexpected/);
  });

  it('the control port obeys beside idle connections to it and to the host', async function () {
    if (process.platform === 'win32') return this.skip();
    const [port, control, token] = await start(
      ['host', '--port', '0', '--control', '0'],
      /listening on 127\.0\.0\.1:(\d+).*controls on port (\d+) with token ([0-9a-f]{32})/,
    );
    await openIdle(Number(control), DESCRIPTORS);
    await openIdle(Number(port));
    const ask = () => sendControl(Number(control), 'status', 10_000, token);
    let answer = await ask();
    // Connections that the system took before this one may still wait to be accepted, and to be let go of.
    for (let more = 0; more < 3 && answer.kind === 'unreachable'; more++) answer = await ask();
    expect(answer, JSON.stringify(answer)).to.have.property('kind', 'done');
  });

  async function expectSomeLetGo(): Promise<void> {
    while (!idle.some(({ destroyed }) => destroyed)) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(idle.filter(({ destroyed }) => !destroyed).length, 'no more than there is room for').to.be.below(
      IDLE,
    );
  }
});
