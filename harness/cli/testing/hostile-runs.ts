import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KmsClient } from '../../client';
import { machineRequest } from '../../model/machine-request';
import { scriptedHost } from '../../client/testing/scripted-host';
import { systemClock } from '../../support/clock';
import { packageRoot } from '../../support/package-root';
import { Random } from '../../support/random';
import { a, aaaa, srv, startTestDns } from '../../testing/dns-server';
import { HOSTILE_HOSTS, type HostBehaviour, letsWait } from '../../testing/hostile-hosts';
import { type InProcessRun, runInProcess } from './in-process';

/** For hosts that let a verb wait. */
const SHORT_MS = 300;
/** For those that do not: a busy machine is no failure. */
const LONG_MS = 10_000;
/** For those that answer first and then let it wait. */
const MIDDLE_MS = 1500;
const DOMAIN = 'corp.example';

const patienceWith = (behaviour: HostBehaviour): number =>
  behaviour.fallsSilent === true ? MIDDLE_MS : letsWait(behaviour) ? SHORT_MS : LONG_MS;

export interface HostileRun extends InProcessRun {
  readonly tookMs: number;
}

/** Where a verb is sent to, and how long it may wait. */
export interface Met {
  /** As in `--target`. */
  readonly target: string;
  /** For `discover`, which takes a domain: what DNS knows of its one host. */
  readonly port: number;
  readonly addresses: readonly string[];
  readonly timeoutMs: number;
  /** Options beside these. */
  readonly words?: readonly string[];
}

type VerbRun = (met: Met) => Promise<InProcessRun>;

const targetWords = ({ target, timeoutMs, words = [] }: Met): string[] => [
  ...['--target', target, '--timeout', String(timeoutMs), '--seed', '1'],
  ...words,
];

const plain =
  (...argv: string[]): VerbRun =>
  (met) =>
    runInProcess([...argv, ...targetWords(met)]);

/** Every verb that talks to a host, on a command line that is soon through. */
export const HOSTILE_VERBS: Readonly<Record<string, VerbRun>> = {
  probe: plain('probe', '--min-count', '1', '--warn-ms', '60000', '--crit-ms', '60000'),
  stream: plain('stream', 'client*2'),
  replay: plain(
    'replay',
    join(packageRoot(), 'captures/corpus/v4-mixed-growth.pcap'),
    '--filter',
    'index=0-2',
  ),
  fleet: plain('fleet', '--clients', '2', '--days', '1'),
  discover,
  run: plain('run', 'RPC-01', 'MSG-05', 'CNT-01'),
  load: plain('load', '--rate', '20', '--duration', '200ms', '--threads', '0'),
  fuzz,
  record: recordOneClient,
};

/** As users run it, with a thread: a second of a core. */
export const loadWithThreads = plain('load', '--rate', '20', '--duration', '200ms');

/** Most of what a campaign at a bad host takes is waiting for what does not come, again and again. */
const FUZZ_PATIENCE_MS = 2500;

function fuzz(met: Met): Promise<InProcessRun> {
  const words = targetWords({ ...met, timeoutMs: Math.min(met.timeoutMs, FUZZ_PATIENCE_MS) });
  return inFolder((folder) =>
    runInProcess(['fuzz', '--runs', '5', '--stop-on-finding', '--out', folder, ...words], { cwd: folder }),
  );
}

async function discover({ port, addresses, timeoutMs }: Met): Promise<InProcessRun> {
  const name = `kms01.${DOMAIN}`;
  const records = addresses.map((address) =>
    address.includes(':') ? aaaa(name, address) : a(name, address),
  );
  const dns = await startTestDns({ records: [srv(DOMAIN, name, port), ...records] });
  try {
    return await runInProcess(['discover', DOMAIN, '--dns', dns.address, '--timeout', String(timeoutMs)]);
  } finally {
    await dns.close();
  }
}

async function inFolder<T>(job: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'kmsspec-hostile-'));
  try {
    return await job(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A client through the recording proxy, which is then interrupted; a proxy that does not come to listen has ended by itself. */
function recordOneClient(met: Met): Promise<InProcessRun> {
  return inFolder(async (folder) => {
    const end = new AbortController();
    let tell = (_port: number): void => undefined;
    const listening = new Promise<number>((resolve) => (tell = resolve));
    const out = ['--listen', '127.0.0.1:0', '--out', join(folder, 'out.pcapng')];
    const run = runInProcess(['record', ...out, ...targetWords(met)], {
      signal: end.signal,
      onOutput: (text) => {
        const port = /recording 127\.0\.0\.1:(\d+)/.exec(text)?.[1];
        if (port !== undefined) tell(Number(port));
      },
    });
    const port = await Promise.race([listening, run]);
    if (typeof port !== 'number') return port;
    const client = new KmsClient({ endpoint: { host: '127.0.0.1', port }, timeoutMs: met.timeoutMs });
    const request = machineRequest({ product: 'win7', random: new Random(1), clock: systemClock });
    await client.activate(request).catch(() => undefined);
    await client.close();
    end.abort();
    return run;
  });
}

/** Runs a verb against one bad host, and waits until that sees no connection any more. */
export async function againstHostileHost(verb: VerbRun, behaviour: HostBehaviour): Promise<HostileRun> {
  const host = await scriptedHost(behaviour.script);
  const startedAt = performance.now();
  try {
    const result = await verb({
      target: `${host.host}:${host.port}`,
      port: host.port,
      addresses: [host.host],
      timeoutMs: patienceWith(behaviour),
    });
    const tookMs = performance.now() - startedAt;
    await host.allClosed();
    return { ...result, tookMs };
  } finally {
    await host.close();
  }
}

/** Whether a campaign begins at all: it does at a host that gives a good request some answer, and then searches for a minute. */
const isFuzzed = ({ client, name }: HostBehaviour): boolean =>
  SEEM_GOOD.has(name) || ('answer' in client && client.answer !== 'malformed' && client.answer !== 'fault');

/** What a client takes for a failure, and the fuzzer for an answer to look into. */
const SEEM_GOOD: ReadonlySet<string> = new Set([
  'answers another call',
  'sends answers to nothing without end',
]);

/** The hosts that a verb meets: all of them, save that only as many are fuzzed at length as the time allows, drawn by the seed. */
export function hostsFor(verb: string, fuzzedAtLength: number, random: Random): readonly HostBehaviour[] {
  if (verb !== 'fuzz') return HOSTILE_HOSTS;
  const long = random.shuffle(HOSTILE_HOSTS.filter(isFuzzed)).slice(0, fuzzedAtLength);
  return HOSTILE_HOSTS.filter((behaviour) => !isFuzzed(behaviour) || long.includes(behaviour));
}

/** The first host of each kind of outcome. */
export function oneOfEachKind(): readonly HostBehaviour[] {
  const kinds = new Map<string, HostBehaviour>();
  for (const behaviour of HOSTILE_HOSTS) {
    const { client } = behaviour;
    const kind = 'answer' in client ? client.answer : client.kind;
    if (!kinds.has(kind)) kinds.set(kind, behaviour);
  }
  return [...kinds.values()];
}

/** As many at a time as two cores carry without becoming slow themselves. */
const AT_ONCE = 8;

/** Runs `job` for each item, some at once. */
export async function severalAtOnce<T>(items: readonly T[], job: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const work = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await job(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
