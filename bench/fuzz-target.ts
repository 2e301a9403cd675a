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
  const [port] = (await saidBy(child, /listening on \S*:(\d+)/)).map(Number);
  return {
    port: port!,
    close: async () => {
      const over = once(child, 'exit');
      child.kill('SIGTERM');
      await over;
    },
  };
}

/** What a process said that it is ready with: the groups of the pattern; what it says later is read, too. @throws Error where it ends without */
export function saidBy(child: ChildProcess, pattern: RegExp): Promise<readonly string[]> {
  let said = '';
  return new Promise((resolve, reject) => {
    child.stdout!.on('data', (chunk) => {
      said += String(chunk);
      const found = pattern.exec(said);
      if (found !== null) resolve(found.slice(1));
    });
    child.once('close', () => reject(new Error(`the host did not say where it listens: ${said}`)));
  });
}
