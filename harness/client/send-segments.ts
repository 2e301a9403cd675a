import type { Connection } from './connection';
import type { WaitOptions } from './connection-options';

/** Sends in one write, or in pieces of `segmentBytes`. Null where all is sent already. */
export function sendSegments(
  connection: Connection,
  bytes: Uint8Array,
  segmentBytes: number | undefined,
  options: WaitOptions,
): Promise<void> | null {
  return segmentBytes === undefined
    ? connection.write(bytes, options)
    : sendPieces(connection, bytes, segmentBytes, options);
}

/** Each piece goes out as a segment of its own, since the socket delays nothing and the turn of the loop ends. */
async function sendPieces(
  connection: Connection,
  bytes: Uint8Array,
  segmentBytes: number,
  options: WaitOptions,
): Promise<void> {
  for (let at = 0; at < bytes.length; at += segmentBytes) {
    await connection.send(bytes.subarray(at, at + segmentBytes), options);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
