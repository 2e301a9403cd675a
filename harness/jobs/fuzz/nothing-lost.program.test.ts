import { expect } from 'chai';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../../../reports/results/model';
import { runInProcess } from '../../cli/testing/in-process';
import { type FaultName, type LabHost, startLabHost } from '../../lab-host';

const FAULT: FaultName = 'own-previous-cmid-forgets';

/** So often, or a busy machine would be at it for minutes: each time all that ran lately is asked again. */
const MOST_CLOSINGS = 2;

/** Stands before a host, and behind every so manyth connection takes none, and has none, for a while. */
class FlappingDoor {
  port = 0;
  closings = 0;
  #server: Server | null = null;
  #timer: NodeJS.Timeout | undefined;
  #taken = 0;
  readonly #sockets = new Set<Socket>();

  constructor(
    private readonly host: LabHost,
    private readonly everyth: number,
    private readonly closedMs: number,
  ) {}

  async open(): Promise<void> {
    const server = createServer((client) => {
      if (++this.#taken % this.everyth === 0 && this.closings < MOST_CLOSINGS) return this.#flap();
      const inner = connect(this.host.port, this.host.address);
      for (const [socket, other] of [
        [client, inner],
        [inner, client],
      ] as const) {
        this.#sockets.add(socket);
        socket.pipe(other);
        socket.on('error', () => other.destroy());
        socket.on('close', () => this.#sockets.delete(socket));
      }
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as { port: number }).port;
  }

  #flap(): void {
    this.closings++;
    this.#shut();
    this.#timer = setTimeout(() => void this.open(), this.closedMs);
  }

  #shut(): void {
    this.#server?.close();
    this.#server = null;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#shut();
  }
}

describe('a campaign loses nothing', function () {
  this.timeout(180_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kmsspec-lost-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const fuzz = async (...args: string[]): Promise<{ exitCode: number; report: Report; stderr: string }> => {
    const line = ['fuzz', '--seed', '4', '--quiet', '--json', '-', ...args];
    const { exitCode, stdout, stderr } = await runInProcess(line, { cwd: folder });
    expect(stdout, stderr).to.match(/^\{/);
    return { exitCode, report: JSON.parse(stdout) as Report, stderr };
  };
  const saved = (): string[] =>
    readdirSync(join(folder, 'kmsspec-findings')).filter((name) => !/^(journal|\.)/.test(name));

  it('where a control fails always: what was found is reported and saved, and the rest is told as not run', async () => {
    const host = await startLabHost({ faults: [FAULT], seed: 1 });
    const controls = ['controls:', '  restart: ["false"]', '  advanceClock: ["true", "{seconds}"]'];
    writeFileSync(join(folder, 'controls.yaml'), controls.join('\n'));
    try {
      const { exitCode, report } = await fuzz(
        ...['--target', `127.0.0.1:${host.port}`, '--config', 'controls.yaml', '--runs', '600'],
      );
      expect(exitCode).to.equal(3);
      expect(report.run).to.include({ ended: 'target-unreachable' });
      expect(report.run.endedMessage).to.match(/the control restart/);
      expect(report.coverage!.cases).to.be.greaterThan(0).and.lessThan(600);
      expect(report.findings!.map(({ oracle }) => oracle)).to.include('count');
      expect(saved()).to.include.members(report.findings!.map(({ id }) => id));
    } finally {
      await host.close();
    }
  });

  it('where the host takes no connection every now and then', async () => {
    const host = await startLabHost({ faults: [FAULT], seed: 1 });
    const door = new FlappingDoor(host, 120, 60);
    await door.open();
    try {
      const { exitCode, report } = await fuzz(
        '--target',
        `127.0.0.1:${door.port}`,
        '--runs',
        '400',
        '--connections',
        'each',
      );
      expect(exitCode).to.equal(1);
      expect(report.run.endedMessage).to.equal(undefined);
      expect(report.coverage!.cases).to.equal(400);
      expect(door.closings).to.equal(MOST_CLOSINGS);
      const sure = report.findings!.filter(({ state }) => state === 'new');
      // What the host does is shown again; that it was away for a moment is not.
      expect(sure.map(({ oracle }) => oracle)).to.include('count');
      expect(sure.filter(({ oracle }) => oracle === 'alive')).to.deep.equal([]);
    } finally {
      door.close();
      await host.close();
    }
  });

  it('where its journal was cut or damaged, whatever the byte', async () => {
    const line = ['--runs', '1200', '--lanes', '1', '--levels', 'message', '--fault', FAULT];
    const whole = await fuzz(...line);
    const out = join(folder, 'kmsspec-findings');
    const journal = join(out, readdirSync(out).find((name) => name.startsWith('journal'))!);
    const bytes = readFileSync(journal);
    const ids = ({ report }: { report: Report }): string[] => report.findings!.map(({ id }) => id).sort();
    for (const share of [0.01, 0.3, 0.6, 0.95]) {
      const at = Math.floor(share * bytes.length);
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= 0x11;
      for (const left of [bytes.subarray(0, at), damaged]) {
        writeFileSync(journal, left);
        const again = await fuzz(...line);
        expect(again.exitCode, `${share}`).to.equal(1);
        expect(again.report.coverage!.cases, `${share}`).to.equal(1200);
        expect(ids(again), `${share}`).to.deep.equal(ids(whole));
      }
    }
  });
});
