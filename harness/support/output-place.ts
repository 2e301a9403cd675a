import { fstatSync, lstatSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** What stands where an output is to go, links followed. */
export type OutputPlace =
  /** Nothing yet. */
  | { readonly kind: 'new'; readonly path: string }
  /** A file, whose mode and owner stay. */
  | { readonly kind: 'file'; readonly path: string; readonly stats: Stats }
  /** A device or a FIFO, which is written as it stands: a file in its place would break what it is there for. */
  | { readonly kind: 'device'; readonly path: string }
  /** An open descriptor of this process, such as `/dev/fd/3` or `/dev/stdout`: what the shell opened goes on where it is. */
  | { readonly kind: 'descriptor'; readonly path: string; readonly descriptor: number };

const DESCRIPTOR = /^(?:\/dev\/fd|\/proc\/self\/fd|\/proc\/(\d+)\/fd)\/(\d{1,6})$/;
const STREAMS: Readonly<Record<string, number>> = { '/dev/stdout': 1, '/dev/stderr': 2 };
const MAX_LINKS = 40;

/**
 * Finds out where an output goes.
 * @throws the error of the file system: ENOENT and ENOTDIR for its folder, EISDIR, EBADF, ELOOP
 */
export function outputPlace(file: string): OutputPlace {
  let path = resolve(file);
  for (let links = 0; links < MAX_LINKS; links++) {
    const descriptor = descriptorOf(path);
    if (descriptor !== null) return ofDescriptor(path, descriptor);
    const target = linkAt(path);
    if (target === null) return ofPath(path);
    path = resolve(dirname(path), target);
  }
  throw systemError('ELOOP');
}

/** True where two names lead to one file, or would. What cannot be looked at is no other's file. */
export function isSameFile(one: string, other: string): boolean {
  const [a, b] = [identity(one), identity(other)];
  return a !== null && a === b;
}

/** An error as the file system would throw it. */
export const systemError = (code: string): NodeJS.ErrnoException => Object.assign(new Error(code), { code });

function identity(file: string): string | null {
  try {
    const place = outputPlace(file);
    if (place.kind === 'new') return join(realpathSync(dirname(place.path)), basename(place.path));
    // Devices and FIFOs may be written by many.
    if (place.kind === 'device') return null;
    const stats = place.kind === 'descriptor' ? fstatSync(place.descriptor) : place.stats;
    return stats.isFile() ? `${stats.dev} ${stats.ino}` : null;
  } catch {
    return null;
  }
}

function descriptorOf(path: string): number | null {
  const stream = STREAMS[path];
  if (stream !== undefined) return stream;
  const [, pid, digits] = DESCRIPTOR.exec(path) ?? [];
  if (digits === undefined || (pid !== undefined && Number(pid) !== process.pid)) return null;
  return Number(digits);
}

function ofDescriptor(path: string, descriptor: number): OutputPlace {
  fstatSync(descriptor); // EBADF where nobody opened it
  return { kind: 'descriptor', path, descriptor };
}

function linkAt(path: string): string | null {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function ofPath(path: string): OutputPlace {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) {
    if (!statSync(dirname(path)).isDirectory()) throw systemError('ENOTDIR');
    return { kind: 'new', path };
  }
  if (stats.isDirectory()) throw systemError('EISDIR');
  return stats.isFile() ? { kind: 'file', path, stats } : { kind: 'device', path };
}
