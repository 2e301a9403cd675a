import { expect } from 'chai';
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseReport } from '../../../reports/results/model';
import { reportOf } from '../../../reports/testing/sample-report';
import { startLabHost } from '../../lab-host';
import { packageRoot } from '../../support/package-root';
import { VERBS } from '../verbs';

const MAIN = join(packageRoot(), 'dist/harness/cli/main.js');
const CAPTURE = join(packageRoot(), 'captures/corpus/v4-mixed-growth.pcap');
const CODES = { SIGINT: 130, SIGTERM: 143 } as const;
/** Where the machine does nothing else a verb ends within 2 s: it gives itself 18 turns of 100 ms. */
const OVERDUE = /did not end within/;
/** A process that does not end fails its test, however busy the machine is. */
const HANGS_MS = 120_000;

/** Loaded before all else: whoever reads a document of kmsspec computes for ever, and tells when that begins. */
const COMPUTES = `const { parse } = JSON;
JSON.parse = (text, ...rest) => {
  if (!/kmsspec\\.(report|history)\\//.test(text)) return parse(text, ...rest);
  require('node:fs').writeSync(3, 'busy');
  for (;;);
};`;
/** Loaded before all else: tells when the program listens for signals. */
const LISTENS = `process.on('newListener', (name) => {
  if (name === 'SIGTERM') setImmediate(() => require('node:fs').writeSync(3, 'busy'));
});`;

/**
 * Loaded before all else: tells when an order of requests is looked for, and some answers have been held against one. What is looked for is what the
 * program looks for.
 */
const LOOKS = `const { OrderSearch } = require(${JSON.stringify(join(packageRoot(), 'dist/harness/model/history/order-search.js'))});
const { end } = OrderSearch.prototype;
let answers = 0;
OrderSearch.prototype.end = function (...given) {
  if (++answers === 20) require('node:fs').writeSync(3, 'busy');
  return end.apply(this, given);
};`;

/** It gives each count to two: an order of hundreds of such answers takes minutes to look for. */
const IN_PAIRS = 'counts-in-pairs';
/** Verbs that hold answers against an order of requests that overlapped. */
const LOOKING: Readonly<Record<string, (port: number) => string[]>> = {
  run: () => ['run', 'CNT-12', 'CNT-17', '--repeat', '10000', '--fault', IN_PAIRS],
  stream: (port) => ['stream', 'par(client*512)*forever', '--target', `127.0.0.1:${port}`],
  load: () => ['load', '--keep', '--max', '--connections', '32', '--duration', '1h', '--fault', IN_PAIRS],
};

/** Verbs that only compute, each with a document that it reads. */
const COMPUTING: Readonly<Record<string, (document: string) => string[]>> = {
  report: (file) => ['report', file, '--json', 'new.json'],
  compare: (file) => ['compare', file, file],
  merge: (file) => ['merge', file, '--json', 'new.json'],
  matrix: (file) => ['matrix', file, '--out', 'site'],
  correlate: (file) => ['correlate', file, file],
  'check-history': (file) => ['check-history', file],
};
/** They tell or write what the program holds, and read no file. */
const SHORT = ['list', 'explain', 'dissector', 'vectors', 'schema', 'completion'];

/** Verbs that wait for somebody who never says anything, and what report is there in the end. */
interface Waiting {
  readonly argv: (port: number) => string[];
  readonly report?: true;
  /** It waits from where it listens for signals on; for the others somebody must have heard of them. */
  readonly asksNobody?: true;
}
const WAITING: Readonly<Record<string, Waiting>> = {
  run: { argv: (port) => ['run', 'MSG', ...silent(port), '--json', 'new.json'], report: true },
  replay: { argv: (port) => ['replay', CAPTURE, ...silent(port), '--json', 'new.json'], report: true },
  stream: { argv: (port) => ['stream', 'client*9', ...silent(port), '--json', 'new.json'], report: true },
  fleet: { argv: (port) => ['fleet', '--clients', '9', ...silent(port), '--json', 'new.json'], report: true },
  fuzz: { argv: (port) => ['fuzz', ...silent(port), '--json', 'new.json'], report: true },
  'fuzz --workers 2': {
    argv: (port) => ['fuzz', '--workers', '2', ...silent(port), '--json', 'new.json'],
    report: true,
  },
  load: { argv: (port) => ['load', '--keep', ...silent(port), '--json', 'new.json'], report: true },
  'diff of two that answer': {
    argv: () => ['diff', 'lab', 'lab', '--time', '1h', '--out', 'found', '--json', 'new.json'],
    report: true,
    asksNobody: true,
  },
  'replay of a large capture': {
    argv: () => ['replay', 'large.pcap', '--json', 'new.json'],
    report: true,
    asksNobody: true,
  },
  'fuzz with a large corpus': {
    argv: () => ['fuzz', '--corpus', '.', '--out', 'found', '--json', 'new.json'],
    report: true,
    asksNobody: true,
  },
  'inspect of a large capture': {
    argv: () => ['inspect', 'large.pcap', '--json', 'new.json', '--history', 'history.json'],
    asksNobody: true,
  },
  diff: { argv: (port) => ['diff', `127.0.0.1:${port}`, 'lab', '--timeout', '60000'] },
  probe: { argv: (port) => ['probe', ...silent(port)] },
  discover: {
    argv: (port) => ['discover', 'lab.example', '--dns', `127.0.0.1:${port}`, '--timeout', '60000'],
  },
  record: {
    argv: (port) => [
      'record',
      '--listen',
      '127.0.0.1:0',
      '--out',
      'new.pcapng',
      '--target',
      `127.0.0.1:${port}`,
    ],
    asksNobody: true,
  },
  host: { argv: () => ['host', '--port', '0'], asksNobody: true },
  ctl: { argv: (port) => ['ctl', String(port), 'status'] },
  coverage: { argv: () => ['coverage', CAPTURE], asksNobody: true },
  inspect: { argv: () => ['inspect', '-'], asksNobody: true },
  anonymise: { argv: () => ['anonymise', 'large.pcap', 'new.pcap'], asksNobody: true },
};

const silent = (port: number): string[] => ['--target', `127.0.0.1:${port}`, '--timeout', '60000'];

describe('signals while a verb is busy', function () {
  this.timeout(2 * HANGS_MS);
  let folder: string;
  let host: Server;
  let port: number;
  const dns = createSocket('udp4');
  const sockets = new Set<Socket>();
  let heard: () => void = () => undefined;

  before(async () => {
    host = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
      heard();
    }).listen(0, '127.0.0.1');
    await once(host, 'listening');
    ({ port } = host.address() as AddressInfo);
    dns.on('message', () => heard()).bind(port, '127.0.0.1');
    await once(dns, 'listening');
  });
  after(() => {
    for (const socket of sockets) socket.destroy();
    host.close();
    dns.close();
  });
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kmsspec-busy-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const start = (argv: readonly string[], hook: string): ChildProcess => {
    writeFileSync(join(folder, 'hook.cjs'), hook);
    return spawn(process.execPath, ['-r', join(folder, 'hook.cjs'), MAIN, ...argv], {
      cwd: folder,
      env: { ...process.env, XDG_STATE_HOME: folder },
      stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    });
  };

  it('every verb is in one of the tables', () => {
    const words = [...Object.keys(COMPUTING), ...SHORT, ...Object.keys(WAITING)].map(
      (row) => row.split(' ')[0]!,
    );
    expect([...new Set(words)].sort()).to.deep.equal(VERBS.map(({ name }) => name).sort());
    const computing = VERBS.filter(({ onlyComputes }) => onlyComputes).map(({ name }) => name);
    expect(computing.sort()).to.deep.equal([...Object.keys(COMPUTING), ...SHORT].sort());
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    for (const [verb, argv] of Object.entries(COMPUTING)) {
      it(`${verb} ends by ${signal} while it computes`, async () => {
        const document = join(folder, 'document.json');
        writeFileSync(
          document,
          verb === 'check-history'
            ? '{"schema":"kmsspec.history/1","events":[]}'
            : JSON.stringify(reportOf([])),
        );
        const child = start(argv(document), COMPUTES);
        const ended = endOf(child);
        await Promise.race([once(child.stdio[3]!, 'data'), ended]);
        child.kill(signal);
        expect(await ended).to.deep.include({ code: null, signal });
      });
    }

    for (const [verb, argv] of Object.entries(LOOKING)) {
      it(`${verb} ends by ${signal} while it looks for an order of requests that overlapped, and reports`, async () => {
        const lab = await startLabHost({ faults: [IN_PAIRS] });
        try {
          const child = start([...argv(lab.port), '--json', 'new.json'], LOOKS);
          const ended = endOf(child);
          await Promise.race([once(child.stdio[3]!, 'data'), ended]);
          child.kill(signal);
          const { code, stderr } = await ended;
          expect(code, stderr).to.equal(CODES[signal]);
          expect(stderr).to.not.match(OVERDUE);
          expect(parseReport(readFileSync(join(folder, 'new.json'), 'utf8')).run.ended).to.equal(
            signal === 'SIGINT' ? 'interrupted' : 'terminated',
          );
        } finally {
          await lab.close();
        }
      });
    }

    for (const [verb, { argv, report, asksNobody }] of Object.entries(WAITING)) {
      it(`${verb} ends by ${signal} while it waits${report ? ', and reports' : ''}`, async () => {
        if (argv(port).includes('large.pcap') || argv(port).includes('--corpus'))
          writeFileSync(join(folder, 'large.pcap'), largeCapture());
        const asked = new Promise<void>((resolve) => (heard = resolve));
        const child = start(argv(port), LISTENS);
        const ended = endOf(child);
        if (verb === 'inspect') feed(child);
        await Promise.race([asksNobody ? once(child.stdio[3]!, 'data') : asked, ended]);
        child.kill(signal);
        const { code, stderr } = await ended;
        expect(code, stderr).to.equal(CODES[signal]);
        expect(stderr).to.not.match(OVERDUE);
        if (!report) return;
        const file = join(folder, 'new.json');
        // Before anything was done there is nothing to report, and that is told.
        if (!existsSync(file)) return void expect(stderr).to.match(/interrupted/);
        expect(parseReport(readFileSync(file, 'utf8')).run.ended).to.equal(
          signal === 'SIGINT' ? 'interrupted' : 'terminated',
        );
      });
    }
  }
});

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

function endOf(child: ChildProcess): Promise<Ended> {
  let stderr = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const hangs = setTimeout(() => child.kill('SIGKILL'), HANGS_MS);
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      clearTimeout(hangs);
      resolve({ code, signal, stderr });
    });
  });
}

/** A capture that takes some seconds to read. */
function largeCapture(): Buffer {
  const capture = readFileSync(CAPTURE);
  return Buffer.concat([capture, ...Array<Buffer>(600).fill(capture.subarray(FILE_HEADER))]);
}

/** Of a classic pcap. */
const FILE_HEADER = 24;

/** A capture that goes on for ever, for whoever reads standard input. */
function feed({ stdin }: ChildProcess): void {
  const capture = readFileSync(CAPTURE);
  const packets = capture.subarray(FILE_HEADER);
  stdin!.on('error', () => undefined);
  const more = (): void => {
    while (!stdin!.destroyed && stdin!.write(packets));
  };
  stdin!.on('drain', more);
  stdin!.write(capture);
  more();
}
