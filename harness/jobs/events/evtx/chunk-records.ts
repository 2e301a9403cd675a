import { CHUNK, RECORD } from './evtx-format';

/** A record in its chunk, or a stretch of bytes between two that is none. */
export interface ChunkRecord {
  readonly isGap: boolean;
  readonly identifier: number;
  /** Of the binary XML. */
  readonly start: number;
  readonly end: number;
}

/** Signature, size, number, time, one token and the size again. */
const SMALLEST = RECORD.binaryXml + 1 + RECORD.sizeCopy;

/**
 * The records of a chunk in their order. Where one is damaged, the next is found by its signature. Behind the end that the header tells there
 * may be newer ones, where the file was copied from a host that runs, or older ones from before the chunk was written again: newer ones go on
 * counting.
 */
export function* recordsOfChunk(chunk: Buffer): Generator<ChunkRecord> {
  const told = chunk.length >= CHUNK.records ? chunk.readUInt32LE(CHUNK.freeSpace) : 0;
  const free = told >= CHUNK.records && told <= CHUNK.size ? told : CHUNK.size;
  let at: number = CHUNK.records;
  let last: number | null = null;
  while (at + SMALLEST <= chunk.length) {
    const size = sizeAt(chunk, at);
    if (size === null) {
      const next = nextRecord(chunk, at);
      if (at < free && next !== null) yield { isGap: true, identifier: 0, start: at, end: next };
      if (next === null) {
        if (at < free && hasBytes(chunk, at, free))
          yield { isGap: true, identifier: 0, start: at, end: free };
        return;
      }
      at = next;
      continue;
    }
    const identifier = Number(chunk.readBigUInt64LE(at + RECORD.identifier));
    if (at >= free && last !== null && identifier !== last + 1) return;
    yield { isGap: false, identifier, start: at + RECORD.binaryXml, end: at + size - RECORD.sizeCopy };
    last = identifier;
    at += size;
  }
}

/** The size of the record at an offset; null where none begins there, or it does not end in its chunk. */
function sizeAt(chunk: Buffer, at: number): number | null {
  if (at + SMALLEST > chunk.length || !chunk.subarray(at, at + 4).equals(RECORD.signature)) return null;
  const size = chunk.readUInt32LE(at + RECORD.size);
  return size >= SMALLEST && at + size <= chunk.length ? size : null;
}

function nextRecord(chunk: Buffer, at: number): number | null {
  for (
    let next = chunk.indexOf(RECORD.signature, at + 1);
    next >= 0;
    next = chunk.indexOf(RECORD.signature, next + 1)
  ) {
    if (sizeAt(chunk, next) !== null) return next;
  }
  return null;
}

const hasBytes = (chunk: Buffer, start: number, end: number): boolean =>
  chunk.subarray(start, end).some((byte) => byte !== 0);
