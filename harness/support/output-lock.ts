import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { realpathSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { outputPlace } from './output-place';
import { UsageError } from './usage-error';

/** Held while an output grows. It is a socket that listens, which the system takes away with the process, however that ends. */
export interface OutputLock {
  release(): Promise<void>;
}

const NO_LOCK: OutputLock = { release: () => Promise.resolve() };

/**
 * Makes a file or a folder this process's own until it lets go or ends. Devices and pipes are not held: many may write to them.
 * @throws UsageError where another process of this machine has it
 */
export async function lockOutput(file: string, platform = process.platform): Promise<OutputLock> {
  const path = realPath(file);
  if (path === null) return NO_LOCK;
  const name = `kmsspec-${createHash('sha256').update(path).digest('hex').slice(0, 32)}`;
  const server = createServer((socket) => socket.destroy()).unref();
  if (!(await listens(server, addressOf(name, platform))))
    throw new UsageError(
      `${file} is being written by another kmsspec: wait until it ends, or name another output`,
    );
  return {
    release: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Linux has names of sockets that are no files, Windows named pipes; elsewhere it is a file that a kill leaves, and nobody listens at. */
function addressOf(name: string, platform: NodeJS.Platform): string {
  if (platform === 'linux') return `\0${name}`;
  return platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.lock`);
}

async function listens(server: Server, path: string): Promise<boolean> {
  for (const isLast of [false, true]) {
    try {
      server.listen({ path });
      await once(server, 'listening');
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      if (isLast || !path.endsWith('.lock') || (await isAnswered(path))) return false;
      rmSync(path, { force: true });
    }
  }
  return false;
}

/** Whether a process still stands behind a socket's file. */
async function isAnswered(path: string): Promise<boolean> {
  const socket = connect({ path });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** One name for a place, whatever it is called; null for what is no file or folder. */
function realPath(file: string): string | null {
  try {
    const place = outputPlace(file);
    if (place.kind === 'device' || place.kind === 'descriptor') return null;
    return place.kind === 'file'
      ? realpathSync(place.path)
      : join(realpathSync(dirname(place.path)), basename(place.path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EISDIR' ? realpathSync(file) : file;
  }
}
