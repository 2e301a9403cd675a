import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startLabHost } from '../../harness/lab-host';
import { packageRoot } from '../../harness/support/package-root';
import { processorSecondsOf } from '../../harness/testing/processor-time';
import { saidBy } from '../fuzz-target';
import { recordConversation } from '../recorded-conversation';
import { conversationFile } from './conversation-file';

const COMPILERS = ['gcc', 'clang', 'cc'];
/** A host that has counted so many clients gives every one this count: an answer that holds for whoever asks. */
const FULL = 50;

/** How a client in C exchanges; see peer.c. */
export interface CContest {
  readonly mode: 'kept' | 'each';
  readonly connections: number;
  /** How connections of one request end. */
  readonly closeWith?: 'fin' | 'reset';
}

/** What a client in C made of its time. */
export interface CMeasure {
  readonly perSecond: number;
  /** Microseconds of the processor for each exchange. */
  readonly cpuUs: number;
}

/** Client and host in C, built, with a conversation to repeat. */
export interface CPeer {
  startHost(): Promise<CHost>;
  ask(port: number, contest: CContest, ms: number): Promise<CMeasure>;
  release(): void;
}

/** A host in C, in a process of its own. */
export interface CHost {
  readonly port: number;
  /** Milliseconds of the processor that it has taken so far. */
  cpuMs(): number;
  close(): Promise<void>;
}

/** The first C compiler that is there; null where there is none. */
export function findCompiler(candidates: readonly string[] = COMPILERS): string | null {
  const isThere = (name: string): boolean => {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  };
  return candidates.find(isThere) ?? null;
}

/** Builds peer.c, and records with a lab host what it sends. */
export async function buildCPeer(compiler: string): Promise<CPeer> {
  const folder = mkdtempSync(join(tmpdir(), 'kmsspec-c-peer-'));
  const [program, conversation] = [join(folder, 'peer'), join(folder, 'conversation')];
  const source = join(packageRoot(), 'bench', 'c-client', 'peer.c');
  execFileSync(compiler, ['-O2', '-Wall', '-Wextra', '-Werror', '-o', program, source]);
  const lab = await startLabHost();
  try {
    writeFileSync(conversation, conversationFile(await recordConversation(lab, FULL)));
  } finally {
    await lab.close();
  }
  return {
    startHost: () => startCHost(program, conversation),
    ask: async (port, { mode, connections, closeWith = 'fin' }, ms) => {
      const words = [conversation, mode, `${port}`, `${connections}`, `${ms}`, closeWith];
      const { stdout } = await promisify(execFile)(program, words, { timeout: ms + 60_000 });
      const [exchanges, ns, cpuNs] = stdout.trim().split(' ').map(Number);
      return { perSecond: (exchanges! / ns!) * 1e9, cpuUs: cpuNs! / exchanges! / 1000 };
    },
    release: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function startCHost(program: string, conversation: string): Promise<CHost> {
  const child: ChildProcess = spawn(program, [conversation, 'respond'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const over = once(child, 'exit');
  const [port] = (await saidBy(child, /(\d+)\n/)).map(Number);
  return {
    port: port!,
    cpuMs: () => 1000 * processorSecondsOf(child.pid!),
    close: async () => {
      // It ends when its input does, and so with this process however that ends.
      child.stdin!.end();
      await over;
    },
  };
}
