import { readFile, stat } from 'node:fs/promises';
import { EventLogError } from './event-error';
import type { ParsedEvents } from './parsed-events';
import { readCsvEvents } from './read-csv';
import { readXmlEvents } from './read-xml';

export interface EventLog extends ParsedEvents {
  readonly file: string;
  readonly format: 'csv' | 'xml';
}

/** Logs are read as a whole; Windows keeps 20 MB by default. */
const MAX_SIZE = 256 * 1024 * 1024;

/**
 * Reads an exported log "Key Management Service": CSV of the Event Viewer or of Export-Csv, or the XML of wevtutil.
 * @throws EventLogError where the file cannot be read or is neither
 */
export async function readEventLog(file: string): Promise<EventLog> {
  return parseEventLog(await contentOf(file), file);
}

/** @param file for messages */
export function parseEventLog(content: Uint8Array, file: string): EventLog {
  const text = decodeText(content, file);
  if (text.trim() === '') throw new EventLogError(file, '', 'the file is empty');
  const isXml = text.trimStart().startsWith('<');
  const parsed = isXml ? readXmlEvents(text, file) : readCsvEvents(text, file);
  return { file, format: isXml ? 'xml' : 'csv', ...parsed };
}

async function contentOf(file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file);
    if (size > MAX_SIZE)
      throw new EventLogError(file, '', `${size} bytes are too many`, 'export a part of the log');
    return await readFile(file);
  } catch (error) {
    if (error instanceof EventLogError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new EventLogError(file, '', `cannot be read (${code ?? 'unknown error'})`);
  }
}

/** PowerShell and the Event Viewer write UTF-16 or UTF-8 with a byte order mark; everything else is taken for UTF-8. */
function decodeText(content: Uint8Array, file: string): string {
  const [first, second] = content;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  const text = new TextDecoder(encoding).decode(content);
  if (text.includes('\0')) throw new EventLogError(file, '', 'the file is binary (an .evtx?)');
  return text;
}
