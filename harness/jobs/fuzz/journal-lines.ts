import { createHash } from 'node:crypto';
import { z } from 'zod';
import { parseBoundedJson } from '../../../reports/results/bounded-json';
import { REACTIONS } from '../../../reports/results/model';
import { findingSchema } from './findings/finding-file';
import { type Finding, findingToJson } from './findings/finding';
import type { CoverageCounts, Remarks } from '../../cases/judge/coverage';

/** One block of cases that is over, with all that came of it: a line of the journal. */
export interface JournalEntry {
  /** Null for what came of a block that was broken off, which is run again. */
  readonly block: number | null;
  readonly cases: number;
  readonly coverage: CoverageCounts;
  readonly remarks: Remarks;
  readonly findings: readonly Finding[];
  readonly hits: Readonly<Record<string, number>>;
}

const natural = z.number().int().nonnegative();

const entrySchema = z.object({
  block: natural.nullable(),
  cases: natural,
  coverage: z.record(z.string(), z.array(natural).length(REACTIONS.length)),
  remarks: z.record(z.string(), natural),
  findings: z.array(findingSchema),
  hits: z.record(z.string(), natural),
}) satisfies z.ZodType<JournalEntry>;

/** An entry as a line without its end. @param campaign the digest of the campaign that it belongs to */
export function lineOf(entry: JournalEntry, campaign: string): string {
  return sealed(JSON.stringify({ ...entry, findings: entry.findings.map(findingToJson) }), campaign);
}

/** Text with the sum that tells whether it was cut or changed. */
export const sealed = (text: string, campaign: string): string => `${sumOf(text, campaign)} ${text}`;

export interface ReadLines {
  /** Of the lines that are whole, in their order. */
  readonly entries: readonly JournalEntry[];
  /** Lines, the header apart, and how many of them are lost. */
  readonly lines: number;
  readonly lost: number;
}

/** What a journal holds behind its header, whatever has become of the file. @param campaign as in `entryOf` */
export function readLines(text: string, campaign: string): ReadLines {
  const entries: JournalEntry[] = [];
  let lines = 0;
  let isHeader = true;
  for (const line of linesOf(text)) {
    if (!isHeader && line !== '') {
      lines++;
      const entry = entryOf(line, campaign);
      if (entry !== null) entries.push(entry);
    }
    isHeader = false;
  }
  return { entries, lines, lost: lines - entries.length };
}

/** The entry of a line; null where the line is cut, was changed, or is of another campaign. */
export function entryOf(line: string, campaign: string): JournalEntry | null {
  const [sum = ''] = line.split(' ', 1);
  const text = line.slice(sum.length + 1);
  if (sum !== sumOf(text, campaign)) return null;
  try {
    return entrySchema.parse(parseBoundedJson(text));
  } catch {
    // A version that wrote other entries.
    return null;
  }
}

/** The lines of a text, one by one: a list of as many as a file can hold takes gigabytes. */
export function* linesOf(text: string): Generator<string, void, undefined> {
  for (let at = 0; at <= text.length; ) {
    const end = text.indexOf('\n', at);
    yield text.slice(at, end < 0 ? text.length : end);
    if (end < 0) return;
    at = end + 1;
  }
}

const sumOf = (text: string, campaign: string): string =>
  createHash('sha256').update(`${campaign} ${text}`).digest('hex').slice(0, 16);
