import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A lab host in a process of its own, as a host under test is: the fuzzer has one core, the host the other. */
export interface SeparateHost {
  readonly port: number;
  close(): Promise<void>;
}

export async function startSeparateHost(): Promise<SeparateHost> {
  const main = join(__dirname, '..', 'dist', 'harness', 'cli', 'main.js');
  const child = spawn(process.execPath, [main, 'host', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await listeningPort(child);
  return {
    port,
    close: async () => {
      const over = once(child, 'exit');
      child.kill('SIGTERM');
      await over;
    },
  };
}

async function listeningPort(child: ChildProcess): Promise<number> {
  let said = '';
  for await (const chunk of child.stdout!) {
    said += String(chunk);
    const [, port] = /listening on \S*:(\d+)/.exec(said) ?? [];
    if (port !== undefined) return Number(port);
  }
  throw new Error(`the lab host did not say where it listens: ${said}`);
}
