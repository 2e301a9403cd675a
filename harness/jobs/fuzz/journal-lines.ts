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
  const text = JSON.stringify({ ...entry, findings: entry.findings.map(findingToJson) });
  return `${sumOf(text, campaign)} ${text}`;
}

export interface ReadLines {
  /** Of the lines that are whole, in their order. */
  readonly entries: readonly JournalEntry[];
  /** Lines, the header apart, and how many of them are lost. */
  readonly lines: number;
  readonly lost: number;
}

/** What a journal holds behind its header, whatever has become of the file. @param campaign as in `entryOf` */
export function readLines(text: string, campaign: string): ReadLines {
  const [, ...rest] = text.split('\n');
  const lines = rest.filter((line) => line !== '');
  const entries = lines.map((line) => entryOf(line, campaign)).filter((entry) => entry !== null);
  return { entries, lines: lines.length, lost: lines.length - entries.length };
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

const sumOf = (text: string, campaign: string): string =>
  createHash('sha256').update(`${campaign} ${text}`).digest('hex').slice(0, 16);
