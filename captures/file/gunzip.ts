import zlib from 'node:zlib';

/**
 * One slice of compressed bytes at a time: what a small file unpacks to (up to 1000 times) stays bounded in memory, and
 * zlib drops all that it made of the slice in which damage shows. So slices are a sixteenth of what was read before them.
 */
const MIN_SLICE = 64;
const MAX_SLICE = 1024;
const sliceAfter = (read: number): number => Math.min(MAX_SLICE, Math.max(MIN_SLICE, read >> 4));

/** The compressed data is cut or damaged; what came before it was handed out. */
export class GunzipError extends Error {
  override readonly name = 'GunzipError';
}

/** What is packed may unpack to so much in any case, and beyond it to so many times its size: recorded packets come to some ten times. */
const ALLOWED = 128 << 20;
const ALLOWED_TIMES = 32;

/** The compressed data unpacks to more than any recording does. */
export class BombError extends Error {
  override readonly name = 'BombError';

  constructor(
    readonly packed: number,
    readonly unpacked: number,
  ) {
    super(`${packed} bytes of it unpack to more than ${unpacked >> 20} MB`);
  }
}

/**
 * Unpacks gzip, several members included. Unlike a pipe, which drops what it holds when an error comes, it
 * hands out what precedes the damage, but for the last slice.
 * @throws GunzipError at the end of what could be unpacked
 * @throws BombError where it unpacks to more than 128 MiB and 32 times its size
 */
export function gunzip(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  return unpack(source, zlib.createGunzip({ chunkSize: 64 * 1024 }));
}

/** Node has zstd from 22.15 and 23.8 on; without it there is null. */
export function zstdUnpacker():
  | ((source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer, void, undefined>)
  | null {
  const { createZstdDecompress } = zlib as {
    createZstdDecompress?: (options: zlib.ZlibOptions) => zlib.Gunzip;
  };
  if (createZstdDecompress === undefined) return null;
  return (source) => unpack(source, createZstdDecompress({ chunkSize: 64 * 1024 }));
}

async function* unpack(
  source: AsyncIterable<Buffer>,
  unzip: zlib.Gunzip,
): AsyncGenerator<Buffer, void, undefined> {
  let unpacked: Buffer[] = [];
  let failure: Error | undefined;
  let read = 0;
  let made = 0;
  unzip.on('data', (chunk: Buffer) => {
    unpacked.push(chunk);
    made += chunk.length;
  });
  unzip.on('error', (error) => (failure = error));
  const takeUnpacked = (): Buffer[] => {
    const taken = unpacked;
    unpacked = [];
    return taken;
  };
  try {
    for await (const chunk of source) {
      for (let at = 0, size: number; at < chunk.length; at += size, read += size) {
        size = Math.min(chunk.length - at, sliceAfter(read));
        await written(unzip, chunk.subarray(at, at + size));
        yield* takeUnpacked();
        if (failure !== undefined) throw new GunzipError(failure.message, { cause: failure });
        const packed = read + size;
        if (made > Math.max(ALLOWED, ALLOWED_TIMES * packed)) throw new BombError(packed, made);
      }
    }
    await ended(unzip, () => failure !== undefined);
    yield* takeUnpacked();
    if (failure !== undefined) throw new GunzipError(failure.message, { cause: failure });
  } finally {
    unzip.destroy();
  }
}

/** Damage shows as an error event; the callback of the write does not come then. */
function written(unzip: zlib.Gunzip, slice: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      unzip.off('error', done);
      resolve();
    };
    unzip.once('error', done);
    unzip.write(slice, done);
  });
}

function ended(unzip: zlib.Gunzip, failed: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    if (failed()) return resolve();
    unzip.once('end', resolve);
    unzip.once('error', () => resolve());
    unzip.end();
  });
}
