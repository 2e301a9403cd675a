import { closeSync, createReadStream, openSync, readSync } from 'node:fs';

/** There is more to read than any file of its kind holds. A device has no size, and perhaps no end. */
export class TooLargeError extends Error {
  constructor(
    readonly file: string,
    readonly mostBytes: number,
  ) {
    super(`larger than ${inUnits(mostBytes)}`);
    this.name = 'TooLargeError';
  }
}

const BLOCK = 1 << 20;

/**
 * Reads a whole file that somebody handed over, whatever it is: a file, a pipe, a device.
 * @throws TooLargeError as soon as there is more than `mostBytes`, and what `open` and `read` throw
 */
export async function readAtMost(file: string, mostBytes: number): Promise<Buffer> {
  const blocks: Buffer[] = [];
  let size = 0;
  for await (const block of createReadStream(file, { highWaterMark: BLOCK }) as AsyncIterable<Buffer>) {
    size += block.length;
    if (size > mostBytes) throw new TooLargeError(file, mostBytes);
    blocks.push(block);
  }
  return Buffer.concat(blocks, size);
}

/** As `readAtMost`, where nothing else may happen meanwhile. */
export function readAtMostSync(file: string, mostBytes: number): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const blocks: Buffer[] = [];
    for (let size = 0; ; ) {
      const block = Buffer.allocUnsafe(Math.min(BLOCK, mostBytes + 1 - size));
      const length = readSync(descriptor, block);
      if (length === 0) return Buffer.concat(blocks, size);
      size += length;
      if (size > mostBytes) throw new TooLargeError(file, mostBytes);
      blocks.push(block.subarray(0, length));
    }
  } finally {
    closeSync(descriptor);
  }
}

function inUnits(bytes: number): string {
  if (bytes >= 1 << 20) return `${Math.floor(bytes / (1 << 20))} MB`;
  return bytes >= 1 << 10 ? `${Math.floor(bytes / (1 << 10))} KB` : `${bytes} bytes`;
}
