import { unusedPort } from '../../testing/unused-port';
import { promises as dns } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { startLabHost } from '../../lab-host';
import { a, aaaa, srv, startTestDns } from '../../testing/dns-server';
import type { InProcessRun } from './in-process';
import type { HOSTILE_VERBS, Met } from './hostile-runs';

const DOMAIN = 'named.example';
const TIMEOUT_MS = 10_000;
/** Where nothing is ever answered. */
const SHORT_MS = 200;

/** What there is behind a name while a verb meets it. */
interface Ground {
  /** Port of the good host. */
  readonly port: number;
  /** A port at which nobody listens. */
  readonly deadPort: number;
}

/** A way to name a host, good or not. */
export interface HostName {
  /** Completes "a host that is named …". */
  readonly name: string;
  /** A good host is reached: every verb ends as at 127.0.0.1. Else with one of these exit codes. */
  readonly expected: 'good' | readonly number[];
  /** Where the good host listens. */
  readonly listens: '127.0.0.1' | '::1';
  /** What the system's resolver says of each name; one that is missing does not exist. */
  readonly resolves?: Readonly<Record<string, readonly string[]>>;
  readonly target: (ground: Ground) => string;
  /** What DNS says, to `discover` and to `.DOMAIN`; null where `discover`, which takes a domain, cannot meet it. */
  readonly published: readonly string[] | null;
  readonly words?: readonly string[];
  /** DNS is asked for `.DOMAIN`: it has SRV records, or none. */
  readonly domain?: 'known' | 'unknown';
}

const LOST = [3];
const USAGE = [2];

export const HOST_NAMES: readonly HostName[] = [
  {
    name: 'by a name that resolves to nothing',
    expected: LOST,
    listens: '127.0.0.1',
    target: ({ port }) => `nothing.example:${port}`,
    published: [],
  },
  {
    name: 'by a name without an address',
    expected: LOST,
    listens: '127.0.0.1',
    resolves: { 'empty.example': [] },
    target: ({ port }) => `empty.example:${port}`,
    published: [],
  },
  {
    name: 'by a name of both families, of which IPv6 is dead (good)',
    expected: 'good',
    listens: '127.0.0.1',
    resolves: { 'both.example': ['::1', '127.0.0.1'] },
    target: ({ port }) => `both.example:${port}`,
    published: ['::1', '127.0.0.1'],
  },
  {
    name: 'by a name of both families, of which IPv4 is dead (good)',
    expected: 'good',
    listens: '::1',
    resolves: { 'other.example': ['127.0.0.1', '::1'] },
    target: ({ port }) => `other.example:${port}`,
    published: ['127.0.0.1', '::1'],
  },
  {
    name: 'by a name of both families, both dead',
    expected: LOST,
    listens: '127.0.0.1',
    resolves: { 'dead.example': ['::1', '127.0.0.1'] },
    target: ({ deadPort }) => `dead.example:${deadPort}`,
    published: null,
  },
  {
    name: 'by a name of which one address is remote',
    expected: USAGE,
    listens: '127.0.0.1',
    resolves: { 'mixed.example': ['127.0.0.1', '192.0.2.1'] },
    target: ({ port }) => `mixed.example:${port}`,
    published: null,
  },
  {
    name: 'by an IPv6 address (good)',
    expected: 'good',
    listens: '::1',
    target: ({ port }) => `[::1]:${port}`,
    published: ['::1'],
  },
  {
    name: 'by an IPv6 address with a scope, `[::1%lo]` (good)',
    expected: 'good',
    listens: '::1',
    target: ({ port }) => `[::1%lo]:${port}`,
    published: null,
  },
  {
    name: 'by a link-local address, `[fe80::1%lo]`',
    expected: USAGE,
    listens: '127.0.0.1',
    target: ({ port }) => `[fe80::1%lo]:${port}`,
    published: null,
  },
  {
    name: 'by a link-local address that nobody has, `[fe80::1%lo]`, with --allow-remote',
    expected: LOST,
    listens: '127.0.0.1',
    target: ({ port }) => `[fe80::1%lo]:${port}`,
    words: ['--allow-remote'],
    published: null,
  },
  {
    name: 'by an IPv6 address with the scope of no interface, `[::1%none]`',
    expected: LOST,
    listens: '127.0.0.1',
    target: ({ port }) => `[::1%none]:${port}`,
    published: null,
  },
  {
    name: 'by its domain: one address of two is dead (good)',
    expected: 'good',
    listens: '127.0.0.1',
    target: () => `.${DOMAIN}`,
    domain: 'known',
    published: ['::1', '127.0.0.1'],
  },
  {
    name: 'by its domain: its name has no address',
    expected: LOST,
    listens: '127.0.0.1',
    target: () => `.${DOMAIN}`,
    domain: 'known',
    published: [],
  },
  {
    name: 'by a domain without SRV records',
    expected: LOST,
    listens: '127.0.0.1',
    target: () => `.${DOMAIN}`,
    domain: 'unknown',
    published: null,
  },
];

/** What a verb makes of a name. */
export interface NamedRun {
  readonly run: InProcessRun;
  readonly tookMs: number;
}

/** Runs a verb at a host that is named so; null where the verb cannot meet it. */
export async function atNamedHost(
  verb: string,
  run: (typeof HOSTILE_VERBS)[string],
  named: HostName,
): Promise<NamedRun | null> {
  if (verb === 'discover' && named.published === null) return null;
  const host = await startLabHost({ ipv6: named.listens === '::1' });
  const publishes = await publish(named, host.port);
  const met: Met = {
    target: named.target({ port: host.port, deadPort: await unusedPort() }),
    port: host.port,
    addresses: named.published ?? [],
    timeoutMs: named.expected === 'good' ? TIMEOUT_MS : SHORT_MS,
    words: [...(named.words ?? []), ...publishes.words],
  };
  const startedAt = performance.now();
  try {
    const result = await run(met);
    return { run: result, tookMs: performance.now() - startedAt };
  } finally {
    await publishes.close();
    await host.close();
  }
}

async function publish(
  { domain, published }: HostName,
  port: number,
): Promise<{ readonly words: readonly string[]; close(): Promise<void> }> {
  if (domain === undefined) return { words: [], close: () => Promise.resolve() };
  const name = `kms01.${DOMAIN}`;
  const addresses = (published ?? []).map((each) => (each.includes(':') ? aaaa(name, each) : a(name, each)));
  const dnsServer = await startTestDns({
    records: domain === 'known' ? [srv(DOMAIN, name, port), ...addresses] : [],
    empty: [name],
  });
  return { words: ['--dns', dnsServer.address], close: () => dnsServer.close() };
}

type SystemLookup = (name: string, options: { readonly all: true }) => Promise<LookupAddress[]>;

const resolver = dns as unknown as { lookup: SystemLookup };
const systemLookup = resolver.lookup;

/** Has the system's resolver know these names and no others: a name of the internet has no place in a test. */
export function knowNames(): void {
  const names = new Map(HOST_NAMES.flatMap(({ resolves = {} }) => Object.entries(resolves)));
  resolver.lookup = (name) => {
    const addresses = names.get(name);
    if (addresses === undefined) {
      const code = 'ENOTFOUND';
      return Promise.reject(
        Object.assign(new Error(`getaddrinfo ${code} ${name}`), { code, hostname: name }),
      );
    }
    return Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
  };
}

export function forgetNames(): void {
  resolver.lookup = systemLookup;
}
