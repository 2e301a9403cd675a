import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KmsClient, machineRequest } from '../../client';
import { type ScriptedHost, scriptedHost } from '../../client/testing/scripted-host';
import { systemClock } from '../../clock';
import { packageRoot } from '../../package-root';
import { Random } from '../../random';
import { a, srv, startTestDns } from '../../testing/dns-server';
import { HOSTILE_HOSTS, type HostBehaviour, letsWait } from '../../testing/hostile-hosts';
import { type InProcessRun, runInProcess } from './in-process';

/** For hosts that let a verb wait. */
const SHORT_MS = 150;
/** For those that do not: a busy machine is no failure. */
const LONG_MS = 2500;
const DOMAIN = 'corp.example';

export interface HostileRun extends InProcessRun {
  readonly tookMs: number;
}

/** Runs a verb against a host, with the time that each answer may take. */
type VerbRun = (host: ScriptedHost, timeoutMs: number) => Promise<InProcessRun>;

const target = ({ host, port }: ScriptedHost, timeoutMs: number): string[] => [
  '--target',
  `${host}:${port}`,
  '--timeout',
  String(timeoutMs),
  '--seed',
  '1',
];

const plain =
  (...argv: string[]): VerbRun =>
  (host, timeoutMs) =>
    runInProcess([...argv, ...target(host, timeoutMs)]);

/** Every verb that talks to a host, on a command line that is soon through. */
export const HOSTILE_VERBS: Readonly<Record<string, VerbRun>> = {
  probe: plain('probe', '--min-count', '1'),
  stream: plain('stream', 'client*2'),
  replay: plain(
    'replay',
    join(packageRoot(), 'captures/corpus/v4-mixed-growth.pcap'),
    '--filter',
    'index=0-2',
  ),
  fleet: plain('fleet', '--clients', '2', '--days', '1'),
  discover: async (host, timeoutMs) => {
    const records = [srv(DOMAIN, `kms01.${DOMAIN}`, host.port), a(`kms01.${DOMAIN}`, '127.0.0.1')];
    const dns = await startTestDns({ records });
    try {
      return await runInProcess(['discover', DOMAIN, '--dns', dns.address, '--timeout', String(timeoutMs)]);
    } finally {
      await dns.close();
    }
  },
  run: plain('run', 'RPC-01', 'MSG-05', 'CNT-01'),
  load: plain('load', '--rate', '20', '--duration', '200ms'),
  fuzz: async (host, timeoutMs) =>
    inFolder((folder) =>
      runInProcess(
        ['fuzz', '--runs', '5', '--stop-on-finding', '--out', folder, ...target(host, timeoutMs)],
        { cwd: folder },
      ),
    ),
  record: recordOneClient,
};

async function inFolder<T>(job: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'kmsspec-hostile-'));
  try {
    return await job(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A client through the recording proxy, which is then interrupted. */
function recordOneClient(host: ScriptedHost, timeoutMs: number): Promise<InProcessRun> {
  return inFolder(async (folder) => {
    const end = new AbortController();
    let tell = (_port: number): void => undefined;
    const listening = new Promise<number>((resolve) => (tell = resolve));
    const out = ['--listen', '127.0.0.1:0', '--out', join(folder, 'out.pcapng')];
    const run = runInProcess(['record', ...out, ...target(host, timeoutMs)], {
      signal: end.signal,
      onOutput: (text) => {
        const port = /recording 127\.0\.0\.1:(\d+)/.exec(text)?.[1];
        if (port !== undefined) tell(Number(port));
      },
    });
    const endpoint = { host: '127.0.0.1', port: await listening };
    const client = new KmsClient({ endpoint, timeoutMs });
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
    const result = await verb(host, letsWait(behaviour) ? SHORT_MS : LONG_MS);
    const tookMs = performance.now() - startedAt;
    await host.allClosed();
    return { ...result, tookMs };
  } finally {
    await host.close();
  }
}

/** Verbs that start threads, each a second of a core: they meet one host of each kind of outcome, not each host. */
const HEAVY_VERBS: ReadonlySet<string> = new Set(['load', 'fuzz']);

/** The hosts that a verb meets. */
export function hostsFor(verb: string): readonly HostBehaviour[] {
  if (!HEAVY_VERBS.has(verb)) return HOSTILE_HOSTS;
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
