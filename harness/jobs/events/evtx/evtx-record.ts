import type { LogRecord } from '../log-record';
import { RecordBuilder } from '../record-builder';
import { BinaryXml } from './binary-xml';
import { BinaryXmlError, ChunkBytes } from './chunk-bytes';
import type { ChunkRecord } from './chunk-records';
import { looseTexts } from './template-instance';

/** Reads one record. Where its XML cannot be read, its texts are given as they stand: the line of a request may be among them. */
export function evtxRecord(chunk: ChunkBytes, { identifier, start, end }: ChunkRecord): LogRecord {
  const builder = new RecordBuilder();
  const place = { unit: 'event record', number: identifier };
  const problem = problemOf(() => new BinaryXml(chunk, builder).read(start, end));
  if (problem === null) return builder.record(place);
  const texts: string[] = [];
  problemOf(() => texts.push(...looseTexts(chunk, start)));
  // Texts begin at even or at odd offsets; an array of them has a NUL between two.
  for (const from of [start, start + 1]) texts.push(chunk.text(from, end).replaceAll('\0', ', '));
  return {
    place,
    id: null,
    provider: '',
    computer: '',
    loggedAt: null,
    loggedText: '',
    texts,
    data: [],
    damage: problem,
  };
}

/** Runs what reads binary XML; what it stumbles over, or null. */
function problemOf(read: () => unknown): string | null {
  try {
    read();
    return null;
  } catch (error) {
    if (error instanceof BinaryXmlError) return error.problem;
    throw error;
  }
}
