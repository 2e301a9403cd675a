import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Resolver } from 'node:dns/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireProgram, withSbin } from './tshark';

/** A real DNS server on loopback with one zone that takes dynamic updates: for tests only. */
export interface Bind9 {
  /** `127.0.0.1:PORT`, as for `--dns`. */
  readonly address: string;
  readonly port: number;
  readonly zone: string;
  close(): Promise<void>;
}

const START_MS = 15_000;
const STEP_MS = 50;

/**
 * Starts named from a folder of its own, on a free high port.
 * @param records lines of the zone file, beside SOA and NS
 * @param updates whether it takes dynamic updates
 */
export async function startBind9(zone: string, records: readonly string[], updates = true): Promise<Bind9> {
  await requireProgram('named', 'bind9');
  const folder = mkdtempSync(join(tmpdir(), 'kmsspec-bind9-'));
  const port = await freePort();
  writeFileSync(join(folder, 'named.conf'), configuration(folder, port, zone, updates));
  writeFileSync(join(folder, 'zone.db'), zoneFile(zone, records));
  const named = spawn('named', ['-g', '-n', '1', '-c', join(folder, 'named.conf')], {
    env: withSbin(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  named.stderr.on('data', (text: Buffer) => (log += text.toString()));
  const close = async (): Promise<void> => {
    await stop(named);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await answering(named, port, zone);
  } catch (error) {
    await close();
    throw new Error(`named does not answer:\n${log.slice(-2000)}`, { cause: error });
  }
  return { address: `127.0.0.1:${port}`, port, zone, close };
}

async function stop(named: ChildProcess): Promise<void> {
  if (named.exitCode !== null || named.signalCode !== null) return;
  const gone = once(named, 'exit');
  named.kill('SIGKILL');
  await gone;
}

/** Free for TCP a moment ago; named wants the same number for UDP, which hardly anything else uses up there. */
async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function answering(named: ChildProcess, port: number, zone: string): Promise<void> {
  const resolver = new Resolver({ timeout: 200, tries: 1 });
  resolver.setServers([`127.0.0.1:${port}`]);
  const deadline = performance.now() + START_MS;
  for (;;) {
    try {
      await resolver.resolveSoa(zone);
      return;
    } catch (error) {
      if (named.exitCode !== null || performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    }
  }
}

const configuration = (folder: string, port: number, zone: string, updates: boolean): string => `
options {
  directory "${folder}";
  pid-file "${folder}/named.pid";
  session-keyfile "${folder}/session.key";
  listen-on port ${port} { 127.0.0.1; };
  listen-on-v6 { none; };
  recursion no;
  dnssec-validation no;
  allow-query { 127.0.0.1; };
};
controls { };
zone "${zone}" {
  type primary;
  file "${folder}/zone.db";
  allow-update { ${updates ? '127.0.0.1' : 'none'}; };
};
`;

const zoneFile = (zone: string, records: readonly string[]): string =>
  [
    `$ORIGIN ${zone}.`,
    '$TTL 60',
    '@ IN SOA ns hostmaster 1 3600 600 86400 60',
    '@ IN NS ns',
    'ns IN A 127.0.0.1',
    ...records,
    '',
  ].join('\n');
