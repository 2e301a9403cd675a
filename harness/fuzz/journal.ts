import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { UsageError } from '../usage-error';
import type { CoverageCounts } from './judge/coverage';
import { type Finding, findingFromJson, findingToJson } from './findings/finding';

export const JOURNAL_SCHEMA = 'kmsspec.fuzz-journal/1';

/** What makes two campaigns the same: the same cases on the same target. */
export type CampaignIdentity = Readonly<Record<string, unknown>>;

/** One block of cases that is over, with all that came of it: a line of the journal. */
export interface JournalEntry {
  /** Null for what came of a block that was broken off, which is run again. */
  readonly block: number | null;
  readonly cases: number;
  readonly coverage: CoverageCounts;
  readonly findings: readonly Finding[];
  readonly hits: Readonly<Record<string, number>>;
}

/**
 * What a campaign has done, a line for each block, each written in one piece when the block is over: after a kill the last line may be
 * cut, and that block alone is run again.
 */
export class Journal {
  #entries: JournalEntry[] = [];
  readonly #descriptor: number;

  /**
   * Opens the journal of a campaign in a folder, a new one or that of the campaign that was interrupted.
   * @param afresh forget what was done before
   * @throws UsageError where it cannot be written
   */
  constructor(folder: string, identity: CampaignIdentity, afresh = false) {
    const file = join(folder, `journal-${digestOf(identity)}.jsonl`);
    try {
      mkdirSync(folder, { recursive: true });
      const text = !afresh && existsSync(file) ? readFileSync(file, 'utf8') : '';
      const whole = text.slice(0, text.lastIndexOf('\n') + 1);
      for (const line of whole.split('\n').slice(1, -1)) this.#entries.push(entryOf(line));
      this.#descriptor = openSync(file, afresh ? 'w' : 'a');
      if (whole.length < text.length) ftruncateSync(this.#descriptor, Buffer.byteLength(whole));
    } catch (error) {
      throw new UsageError(
        `the journal ${file} cannot be used (${(error as Error).message}); give another folder with --out`,
        {
          cause: error,
        },
      );
    }
    if (this.#entries.length === 0 && !hasHeader(file)) this.#write({ schema: JOURNAL_SCHEMA, ...identity });
  }

  /** What was done before, handed out once: a campaign of millions of cases does not keep it all. */
  takeEntries(): readonly JournalEntry[] {
    const entries = this.#entries;
    this.#entries = [];
    return entries;
  }

  add(entry: JournalEntry): void {
    this.#write({ ...entry, findings: entry.findings.map(findingToJson) });
  }

  #write(value: unknown): void {
    const line = Buffer.from(`${JSON.stringify(value)}\n`);
    for (let at = 0; at < line.length; ) at += writeSync(this.#descriptor, line, at);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

function hasHeader(file: string): boolean {
  return readFileSync(file, 'utf8').includes('\n');
}

function entryOf(line: string): JournalEntry {
  const entry = JSON.parse(line) as JournalEntry & { findings: Record<string, unknown>[] };
  return { ...entry, findings: entry.findings.map(findingFromJson) };
}

function digestOf(identity: CampaignIdentity): string {
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 12);
}
