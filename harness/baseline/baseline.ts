import { stringify } from 'yaml';
import { z } from 'zod';
import { failureClass } from '../../reports/results/failure-class';
import type { Result } from '../../reports/results/result';
import { meaning } from '../support/meaning';
import { readYamlFile } from '../support/yaml-file';
import { writeFileSafely } from '../support/safe-file';
import { UsageError } from '../support/usage-error';

/** Outcomes that a baseline may know. What is not to be run at all is an exclusion of the configuration. */
const KNOWN_OUTCOMES = ['failed', 'inconclusive', 'untestable'] as const;

/** Whether that day is in the calendar. */
function isDate(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
  );
}

const entrySchema = z.strictObject({
  id: meaning(z.string().min(1, 'must not be empty'), 'a requirement'),
  outcome: meaning(z.enum(KNOWN_OUTCOMES), 'what is known of it'),
  failureClass: meaning(
    z.string(),
    'what kind of failure is known, as `--update-baseline` writes it',
    'any failure',
  ).optional(),
  reason: meaning(z.string().min(1, 'say why this is known'), 'why it is known; the report says so'),
  ticket: meaning(z.string(), 'where it is followed; the report names it', 'none').optional(),
  expires: meaning(
    z
      .string()
      .refine(isDate, 'expected a date that there is, as YYYY-MM-DD')
      .meta({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', format: 'date' }),
    'the last day on which it is expected, as YYYY-MM-DD in UTC',
    'for ever',
  ).optional(),
});

export const baselineSchema = z
  .strictObject({
    schema: meaning(z.literal('kmsspec.baseline/1'), 'the version of the file'),
    entries: z.array(entrySchema),
  })
  .meta({ title: 'kmsspec.baseline/1', description: 'Known outcomes of a host: docs/outcomes.md' });

export type BaselineEntry = z.infer<typeof entrySchema>;

/** What was known of a target before: outcomes with a reason each. Only a change of them fails. */
export type Baseline = ReadonlyMap<string, BaselineEntry>;

/** @throws ConfigError for a file that cannot be read or does not fit; UsageError for an id that stands there twice */
export async function readBaseline(file: string): Promise<Baseline> {
  const { entries } = await readYamlFile(file, baselineSchema);
  const byId = new Map<string, BaselineEntry>();
  for (const entry of entries) {
    if (byId.has(entry.id)) throw new UsageError(`${file}: ${entry.id} stands there twice; leave one`);
    byId.set(entry.id, entry);
  }
  return byId;
}

/**
 * Results as they stand to a baseline: a failure that is known is expected, one that changed, or whose entry has expired,
 * fails; what holds again is told as an unexpected pass.
 * @param today as YYYY-MM-DD
 */
export function againstBaseline(results: readonly Result[], baseline: Baseline, today: string): Result[] {
  return results.map((result) => {
    const entry = baseline.get(result.id);
    return entry === undefined ? result : judged(result, entry, today);
  });
}

function judged(result: Result, entry: BaselineEntry, today: string): Result {
  const { ticket, expires, reason } = entry;
  const known: Result = {
    ...result,
    ...(ticket === undefined ? {} : { ticket }),
    ...(expires === undefined ? {} : { expires }),
  };
  if (result.outcome === 'passed') {
    if (entry.outcome !== 'failed') return { ...known, baseline: 'fixed', reason };
    const message = `it holds, though the baseline knows it as failed (${reason}); take the entry out`;
    return { ...known, outcome: 'unexpected-pass', baseline: 'fixed', message, reason };
  }
  if (result.outcome !== entry.outcome) {
    return result.outcome === 'failed' ? { ...known, baseline: 'changed', reason } : known;
  }
  if (expires !== undefined && expires < today) return expired(known, entry);
  if (result.outcome !== 'failed') return { ...known, baseline: 'as-known' };
  const same = entry.failureClass === undefined || entry.failureClass === failureClass(result);
  if (same) return { ...known, outcome: 'expected-failure', baseline: 'as-known', reason };
  const message = `${result.message ?? ''} (another failure than the known one: ${entry.failureClass})`;
  return { ...known, baseline: 'changed', message, reason };
}

function expired(result: Result, { expires, reason }: BaselineEntry): Result {
  const note = `the baseline knew it until ${expires}: ${reason}`;
  const message = result.message === undefined ? note : `${result.message} (${note})`;
  return { ...result, outcome: 'failed', baseline: 'expired', message, reason };
}

/**
 * A baseline that knows the failures of these results. Reasons, tickets and dates that were there stay; entries of what was not
 * run stay as they are, those of what holds go.
 */
export function updatedBaseline(
  results: readonly Result[],
  before: Baseline,
  today: string,
): BaselineEntry[] {
  const entries = new Map(before);
  for (const result of results) {
    if (result.outcome === 'passed') entries.delete(result.id);
    if (result.outcome !== 'failed') continue;
    const known = before.get(result.id);
    const reason = known?.reason ?? `recorded by --update-baseline on ${today}: say why`;
    entries.set(result.id, {
      ...known,
      id: result.id,
      outcome: 'failed',
      failureClass: failureClass(result),
      reason,
    });
  }
  return [...entries.values()].sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
}

/**
 * @param heading a comment for the first line, with its `#`
 * @throws WriteFileError
 */
export async function writeBaseline(
  file: string,
  entries: readonly BaselineEntry[],
  heading?: string,
): Promise<void> {
  const text = stringify({ schema: 'kmsspec.baseline/1', entries }, { lineWidth: 0 });
  await writeFileSafely(file, heading === undefined ? text : `${heading}\n${text}`);
}
