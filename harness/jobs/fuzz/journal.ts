import { closeSync, existsSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { OutputFile } from '../../support/output-file';
import { readAtMostSync } from '../../support/read-at-most';
import { UsageError } from '../../support/usage-error';
import { type JournalEntry, lineOf, readLines } from './journal-lines';

export type { JournalEntry } from './journal-lines';

export const JOURNAL_SCHEMA = 'kmsspec.fuzz-journal/2';

/** What a string of Node holds. */
const MAX_BYTES = 500 << 20;

/** What makes two campaigns the same: the same cases on the same target. */
export type CampaignIdentity = Readonly<Record<string, unknown>>;

/**
 * What a campaign has done, a line for each block, each with a sum of its own and written in one piece when the block is over. Whatever a kill,
 * a full disk or anybody else has left of the file: lines that are whole count, and the blocks of all others are run again.
 */
export class Journal {
  #entries: readonly JournalEntry[] = [];
  #descriptor: number;
  /** What of it was lost or could not be written, in words for the report. */
  readonly notes: string[] = [];
  readonly #file: string;
  readonly #campaign: string;
  readonly #header: string;
  #isBroken = false;

  /**
   * Opens the journal of a campaign in a folder, a new one or that of the campaign that was interrupted.
   * @param afresh forget what was done before
   * @throws UsageError where it cannot be written
   */
  constructor(folder: string, identity: CampaignIdentity, afresh = false) {
    this.#campaign = digestOf(identity);
    this.#file = join(folder, `journal-${this.#campaign}.jsonl`);
    this.#header = JSON.stringify({ schema: JOURNAL_SCHEMA, ...identity });
    try {
      mkdirSync(folder, { recursive: true });
      if (afresh || !existsSync(this.#file)) writeFileSync(this.#file, `${this.#header}\n`);
      else this.#read();
      this.#descriptor = openSync(this.#file, 'a');
    } catch (error) {
      throw new UsageError(
        `the journal ${this.#file} cannot be used (${(error as Error).message}); give another folder with --out`,
        { cause: error },
      );
    }
  }

  #read(): void {
    const text = readAtMostSync(this.#file, MAX_BYTES).toString('utf8');
    const { entries, lines, lost } = readLines(text, this.#campaign);
    this.#entries = entries;
    if (lost === 0 && text.startsWith(`${this.#header}\n`) && text.endsWith('\n')) return;
    this.notes.push(
      `the journal was cut or damaged: ${lost} of its ${lines} lines are lost, and their cases are run again`,
    );
    this.#replace([this.#header, ...entries.map((entry) => lineOf(entry, this.#campaign)), ''].join('\n'));
  }

  /** Whole or not at all, and aside under a name that nobody can have laid a trap at. */
  #replace(text: string): void {
    const output = new OutputFile(this.#file);
    try {
      output.write(Buffer.from(text));
      output.commit();
    } catch (error) {
      output.discard();
      throw error;
    }
  }

  /** What was done before, handed out once: a campaign of millions of cases does not keep it all. */
  takeEntries(): readonly JournalEntry[] {
    const entries = this.#entries;
    this.#entries = [];
    return entries;
  }

  /** Forgets what was done before: the campaign was finished, and begins again. */
  beginAgain(): void {
    this.#attempt(() => {
      closeSync(this.#descriptor);
      writeFileSync(this.#file, `${this.#header}\n`);
      this.#descriptor = openSync(this.#file, 'a');
    });
  }

  /** Writes what is over. Where that fails the campaign goes on: the block is run again when it is taken up. */
  add(entry: JournalEntry): void {
    this.#attempt(() => {
      // What was written of a line that failed must not spoil this one.
      const line = Buffer.from(`${this.#isBroken ? '\n' : ''}${lineOf(entry, this.#campaign)}\n`);
      for (let at = 0; at < line.length; ) at += writeSync(this.#descriptor, line, at);
    });
  }

  #attempt(write: () => void): void {
    try {
      write();
      this.#isBroken = false;
    } catch (error) {
      if (!this.notes.some((note) => note.startsWith('the journal could not')))
        this.notes.push(
          `the journal could not be written (${(error as Error).message}): what it lacks is run again when the campaign is taken up`,
        );
      this.#isBroken = true;
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

function digestOf(identity: CampaignIdentity): string {
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 12);
}
