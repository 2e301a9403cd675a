import { existsSync } from 'node:fs';
import type { Result } from '../../reports/results/result';
import type { Finding } from '../../reports/results/finding';
import { againstBaseline, type Baseline, readBaseline, updatedBaseline, writeBaseline } from './baseline';
import { findingsAgainstBaseline, withFindings } from './known-findings';

/** A baseline file, and whether what fails is written into it. */
export interface BaselineUse {
  readonly file: string;
  /** Entries that are there keep their reasons; the file need not be there yet. */
  readonly update?: boolean;
  /** YYYY-MM-DD: entries expire. */
  readonly today: string;
  /** A comment to begin a written file with, such as the one by which editors find its schema; none where left out. */
  readonly heading?: string;
}

/** What a baseline knows of the results of a run. */
export class KnownOutcomes {
  private constructor(
    private readonly use: BaselineUse,
    private readonly known: Baseline,
  ) {}

  /** @throws ConfigError, UsageError as `readBaseline` */
  static async open(use: BaselineUse): Promise<KnownOutcomes> {
    const absent = use.update === true && !existsSync(use.file);
    return new KnownOutcomes(use, absent ? new Map() : await readBaseline(use.file));
  }

  /** The requirements it names, which must be there. */
  get named(): { readonly file: string; readonly ids: readonly string[] } {
    return { file: this.use.file, ids: [...this.known.keys()] };
  }

  /** Results as they stand to the baseline, which is brought up to date before where that was asked for. */
  async settle(results: readonly Result[]): Promise<Result[]> {
    const { file, update, today, heading } = this.use;
    if (update !== true) return againstBaseline(results, this.known, today);
    const entries = updatedBaseline(results, this.known, today);
    await writeBaseline(file, entries, heading);
    return againstBaseline(results, new Map(entries.map((entry) => [entry.id, entry])), today);
  }

  /** Findings as they stand to the baseline: one that it knows decides nothing. Entries of what was not met stay. */
  async settleFindings(findings: readonly Finding[]): Promise<Finding[]> {
    const { file, update, today, heading } = this.use;
    if (update !== true) return findingsAgainstBaseline(findings, this.known, today);
    const entries = withFindings(findings, this.known, today);
    await writeBaseline(file, entries, heading);
    return findingsAgainstBaseline(findings, new Map(entries.map((entry) => [entry.id, entry])), today);
  }
}
