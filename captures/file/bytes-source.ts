import { readSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { CaptureError } from '../capture-error';
import { gunzip, zstdUnpacker } from './gunzip';
import { TELLING_OCTETS } from './known-files';
import { isPcapMagic } from './pcap-header';
import { isPcapngMagic } from './pcapng-reader';

/** The memory of one block is used again for the next. */
const BLOCK = 256 * 1024;
/** Blocks of a file that are read before the event loop gets its turn: some ten milliseconds. */
const BLOCKS_A_TURN = 8;

export interface ByteSource {
  /** The content, unpacked where it was gzipped. A chunk is valid until the next one is asked for: its memory is used again. */
  readonly chunks: AsyncGenerator<Buffer, void, undefined>;
  /** Releases the file or stream, whether it was read to its end or not at all. */
  close(): Promise<void>;
  readonly gzipped: boolean;
  /** The first bytes of the content, without taking them: as many as tell its kind, fewer where there are no more. */
  readonly start: Buffer;
}

/**
 * Opens a file or a stream and looks at its first bytes.
 * @throws CaptureError `unreadable`
 */
export async function openBytes(source: string | Readable, file: string): Promise<ByteSource> {
  const raw = typeof source === 'string' ? await readFile(source, file) : readStream(source, file);
  try {
    const packed = await peek(raw);
    const gzipped = packed.start[0] === 0x1f && packed.start[1] === 0x8b;
    const unpack = gzipped ? gunzip : isZstd(packed.start) ? zstdUnpacker() : null;
    const closeRaw = async (): Promise<void> => void (await raw.return());
    if (unpack === null) return { ...packed, gzipped, close: closeRaw };
    const unzip = unpack(packed.chunks);
    const close = async (): Promise<void> => {
      await unzip.return();
      await raw.return();
    };
    return { ...(await peek(unzip)), gzipped, close };
  } catch (error) {
    await raw.return();
    throw error;
  }
}

/** What is read tells itself by four octets: a stream is not to be waited for. */
const isReadable = (start: Buffer): boolean =>
  isPcapMagic(start) || isPcapngMagic(start) || (start[0] === 0x1f && start[1] === 0x8b);

const isZstd = (start: Buffer): boolean => start.length >= 4 && start.readUInt32BE(0) === 0x28b52ffd;

async function peek(
  source: AsyncGenerator<Buffer, void, undefined>,
): Promise<{ start: Buffer; chunks: AsyncGenerator<Buffer, void, undefined> }> {
  let head: Buffer = Buffer.alloc(0);
  while (head.length < (isReadable(head) ? 4 : TELLING_OCTETS)) {
    const next = await source.next();
    if (next.done === true) break;
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  return { start: head.subarray(0, TELLING_OCTETS), chunks: prepend(head, source) };
}

async function* prepend(
  head: Buffer,
  source: AsyncGenerator<Buffer, void, undefined>,
): AsyncGenerator<Buffer, void, undefined> {
  if (head.length > 0) yield head;
  yield* source;
}

async function readFile(path: string, file: string): Promise<AsyncGenerator<Buffer, void, undefined>> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    throw unreadable(error, file, 0);
  }
  return readHandle(handle, file);
}

/**
 * Files are read by blocking calls: a block comes from the page cache in less time than it takes to hand the call to another
 * thread and back. Timers, signals and sockets get their turn between blocks. A pipe may keep its reader waiting: it is
 * read without blocking.
 */
async function* readHandle(handle: FileHandle, file: string): AsyncGenerator<Buffer, void, undefined> {
  const block = Buffer.allocUnsafeSlow(BLOCK);
  let offset = 0;
  try {
    const isFile = (await handle.stat()).isFile();
    for (let turn = 1; ; turn++) {
      const length = isFile
        ? readSync(handle.fd, block, 0, BLOCK, null)
        : (await handle.read(block, 0, BLOCK, null)).bytesRead;
      if (length === 0) return;
      offset += length;
      yield block.subarray(0, length);
      if (isFile && turn % BLOCKS_A_TURN === 0) await setImmediate();
    }
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? unreadable(error, file, offset) : error;
  } finally {
    await handle.close();
  }
}

async function* readStream(stream: Readable, file: string): AsyncGenerator<Buffer, void, undefined> {
  let offset = 0;
  try {
    for await (const chunk of stream) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer);
      offset += bytes.length;
      yield bytes;
    }
  } catch (error) {
    throw error instanceof CaptureError ? error : unreadable(error, file, offset);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file; check the path',
  EACCES: 'it may not be read; check its permissions',
  EPERM: 'it may not be read; check its permissions',
  EISDIR: 'it is a directory; name a file in it',
};

function unreadable(error: unknown, file: string, offset: number): CaptureError {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const reason =
    REASONS[code] ?? `it cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  return new CaptureError({ code: 'unreadable', file, offset, problem: reason }, { cause: error });
}
