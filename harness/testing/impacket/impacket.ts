import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../support/package-root';

/** Debian's impacket (python3-impacket) belongs to the system's Python, whatever other one comes first in PATH. */
const PYTHON = '/usr/bin/python3';
const FOLDER = join(packageRoot(), 'harness', 'testing', 'impacket');
const START_MS = 20_000;

const run = promisify(execFile);

/** @throws Error where the package is not there, and says what to install */
async function requireImpacket(): Promise<void> {
  try {
    await run(PYTHON, ['-c', 'import impacket.dcerpc.v5.rpcrt']);
  } catch (error) {
    throw new Error('this test needs impacket: apt-get install python3-impacket', { cause: error });
  }
}

/** What impacket as a client is answered by a host on this port of 127.0.0.1, by step. */
export async function askAsImpacket(port: number): Promise<Record<string, number | string>> {
  await requireImpacket();
  const { stdout } = await run(PYTHON, [join(FOLDER, 'client.py'), String(port)]);
  return JSON.parse(stdout) as Record<string, number | string>;
}

/** A KMS host on impacket's RPC server, in a process of its own. */
export interface ImpacketHost {
  /** `127.0.0.1:PORT`, as for `--target`. */
  readonly address: string;
  close(): Promise<void>;
}

export async function startImpacketHost(): Promise<ImpacketHost> {
  await requireImpacket();
  const host = spawn(PYTHON, [join(FOLDER, 'host.py')], { stdio: ['ignore', 'pipe', 'ignore'] });
  const port = await firstLine(host);
  return {
    address: `127.0.0.1:${port}`,
    close: async () => {
      const gone = once(host, 'exit');
      // It may be in a loop of impacket's that hears nothing else.
      host.kill('SIGKILL');
      await gone;
    },
  };
}

async function firstLine(host: ChildProcess): Promise<string> {
  const [text] = (await once(host.stdout!, 'data', { signal: AbortSignal.timeout(START_MS) })) as [Buffer];
  return text.toString().trim();
}
