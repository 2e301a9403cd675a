import { isOpen } from './is-open';
import { EXIT, exitCode, type ExitCode, type ExitOptions } from './exit-code';
import { failureClass } from './failure-class';
import {
  compareCounts,
  compareLatency,
  type CountChange,
  type LatencyChange,
  type Tolerances,
} from './compare-measures';
import { DEFAULT_FAIL_ON, type Level, type Outcome } from './levels';
import type { Finding, Report, Result } from './model';
import { type Verdict, verdictOf } from './wording';

/** The version of {@link Comparison}. */
export const COMPARISON_SCHEMA = 'kmsspec.comparison/1';

/** How one requirement, finding or exchange changed from the old report to the new one. */
export interface Change {
  readonly id: string;
  readonly level: Level | null;
  readonly title: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly messageBefore?: string;
  readonly messageAfter?: string;
  readonly repeat?: string;
  /** True where this change alone makes the comparison a regression. */
  readonly regression: boolean;
}

/** What changed from one report to a later one, in the form that `kmsspec compare --json` writes. */
export interface Comparison {
  readonly schema: typeof COMPARISON_SCHEMA;
  readonly old: Side;
  readonly new: Side;
  /** Held before, or was not checked, and fails now. */
  readonly newlyFailing: readonly Change[];
  /** Failed before and passes now. */
  readonly fixed: readonly Change[];
  /** Fails before and after, each time for another reason. */
  readonly changedFailure: readonly Change[];
  /** Came to a verdict before and to none now. */
  readonly noLongerChecked: readonly Change[];
  /** Only in the new report. */
  readonly added: readonly Change[];
  /** Only in the old report. */
  readonly gone: readonly Change[];
  readonly counts: readonly CountChange[];
  readonly latency: readonly LatencyChange[];
  readonly unchanged: number;
  /** Where the new run cannot say that the host is no worse: it lost its host, was interrupted, or checked nothing. */
  readonly cutShort: CutShort | null;
  readonly regression: boolean;
}

/** Why a report did not come to a verdict of its own. */
export interface CutShort {
  readonly verdict: Verdict['word'];
  readonly message?: string;
}

/** What one of two reports that are compared says of itself. */
export interface Side {
  /** As `run.label`. */
  readonly label?: string;
  readonly startedAt: string;
  readonly version: string;
  readonly target: string;
  readonly seed: number;
}

/** Which levels decide, and by how much measures may differ. */
export type CompareOptions = ExitOptions & Partial<Tolerances>;

/** One thing that either report says something about. */
interface Item {
  readonly id: string;
  readonly level: Level | null;
  readonly title: string;
  readonly state: string;
  readonly failing: boolean;
  readonly conclusive: boolean;
  readonly decides: boolean;
  readonly failureClass: string;
  readonly message: string | undefined;
  readonly repeat: string | undefined;
  /** It is an exchange that was sent again. */
  readonly exchange?: true;
}

/**
 * What changed between two reports. A regression is: something of a deciding level that fails and did not, a finding
 * that is new, an exchange that no longer agrees, counts or latency worse than the tolerance. A failure that changed its
 * kind is a regression too: what is known of it is no longer true. So is a new run that was cut short, and with it what it
 * no longer checked: it shows nothing. What a whole run no longer checks is told, and is none.
 */
export function compareReports(older: Report, newer: Report, options: CompareOptions = {}): Comparison {
  const failOn = options.failOn ?? newer.run.failOn ?? DEFAULT_FAIL_ON;
  const [before, after] = [itemsOf(older, failOn), itemsOf(newer, failOn)];
  addUnlisted(before, older, after);
  addUnlisted(after, newer, before);
  const cutShort = cutShortOf(older, newer, failOn);
  const groups = {
    newlyFailing: [] as Change[],
    fixed: [] as Change[],
    changedFailure: [] as Change[],
    noLongerChecked: [] as Change[],
    added: [] as Change[],
    gone: [] as Change[],
  };
  let unchanged = 0;
  for (const id of new Set([...before.keys(), ...after.keys()])) {
    const group = groupOf(before.get(id), after.get(id));
    if (group === undefined) unchanged += 1;
    else groups[group].push(change(group, before.get(id), after.get(id), cutShort !== null));
  }
  const counts = compareCounts(older, newer, options);
  const latency = compareLatency(older, newer, options);
  return {
    schema: COMPARISON_SCHEMA,
    old: side(older),
    new: side(newer),
    ...groups,
    counts,
    latency,
    unchanged,
    cutShort,
    regression:
      cutShort !== null ||
      Object.values(groups).some((group) => group.some(({ regression }) => regression)) ||
      counts.length > 0 ||
      latency.some(({ worse }) => worse),
  };
}

/** 1 on a regression, else 0. */
export function comparisonExitCode({ regression }: Comparison): ExitCode {
  return regression ? EXIT.failed : EXIT.holds;
}

/** A run that checked nothing is none that was cut short where the old one checked nothing either: there is nothing to lose. */
function cutShortOf(older: Report, newer: Report, failOn: readonly Level[]): CutShort | null {
  const ended = newer.run.ended ?? 'complete';
  const code = exitCode(newer, { failOn });
  const died = ended !== 'complete' && (code !== EXIT.failed || older.run.ended !== ended);
  const empty = code === EXIT.inconclusive && exitCode(older, { failOn }) !== EXIT.inconclusive;
  if (!died && !empty) return null;
  const { endedMessage } = newer.run;
  const verdict = verdictOf(newer, { failOn }).word;
  return { verdict, ...(endedMessage === undefined ? {} : { message: endedMessage }) };
}

/** In what way a requirement or finding changed. */
export type Group = 'newlyFailing' | 'fixed' | 'changedFailure' | 'noLongerChecked' | 'added' | 'gone';

/** How one requirement changed from one run to a later one, as {@link compareReports} tells it; undefined where it did not. */
export function resultChange(before: Result | undefined, after: Result | undefined): Group | undefined {
  if (before === undefined && after === undefined) return undefined;
  return groupOf(before && resultItem(before, []), after && resultItem(after, []));
}

function groupOf(before: Item | undefined, after: Item | undefined): Group | undefined {
  if (before === undefined) return 'added';
  if (after === undefined) return 'gone';
  if (after.failing && !before.failing) return 'newlyFailing';
  if (after.failing) return before.failureClass === after.failureClass ? undefined : 'changedFailure';
  if (before.conclusive && !after.conclusive) return 'noLongerChecked';
  return before.failing ? 'fixed' : undefined;
}

function change(group: Group, before: Item | undefined, after: Item | undefined, cutShort: boolean): Change {
  const item = (after ?? before)!;
  const mayRegress = group === 'newlyFailing' || group === 'changedFailure' || group === 'added';
  return {
    id: item.id,
    level: item.level,
    title: item.title,
    before: before?.state ?? null,
    after: after?.state ?? null,
    ...(before?.message === undefined ? {} : { messageBefore: before.message }),
    ...(after?.message === undefined ? {} : { messageAfter: after.message }),
    ...(item.repeat === undefined ? {} : { repeat: item.repeat }),
    regression:
      (mayRegress && after?.failing === true && after.decides) ||
      (cutShort && group === 'noLongerChecked' && item.decides),
  };
}

const CONCLUSIVE: ReadonlySet<Outcome> = new Set(['passed', 'failed', 'expected-failure', 'unexpected-pass']);

function itemsOf(report: Report, failOn: readonly Level[]): Map<string, Item> {
  const items = [
    ...report.results.map((result) => resultItem(result, failOn)),
    ...(report.findings ?? []).map(findingItem),
    ...exchangeItems(report),
  ];
  return new Map(items.map((item) => [item.id, item]));
}

function resultItem(result: Result, failOn: readonly Level[]): Item {
  const { id, level, title, outcome, message, reason, repeat } = result;
  const failing = outcome === 'failed' || outcome === 'unexpected-pass';
  return {
    id,
    level,
    title,
    state: outcome,
    failing,
    conclusive: CONCLUSIVE.has(outcome),
    decides: outcome === 'unexpected-pass' || failOn.includes(level),
    failureClass: failing ? `${outcome}: ${failureClass(result)}` : outcome,
    message: message ?? reason,
    repeat,
  };
}

function findingItem({ id, title, message, oracle, state, repeat }: Finding): Item {
  const failing = isOpen({ state });
  return {
    id: `finding ${id}`,
    level: null,
    title,
    state: failing ? 'failed' : state,
    failing,
    conclusive: true,
    decides: true,
    failureClass: oracle,
    message,
    repeat,
  };
}

function exchangeItems({ replay }: Report): Item[] {
  return (replay?.exchanges ?? []).map(({ index, sent, verdict, mustNotDiffer, note }) => ({
    id: `exchange ${index}`,
    exchange: true,
    level: null,
    title: sent,
    state: verdict,
    failing: verdict === 'differs',
    conclusive: verdict !== 'not-comparable',
    decides: true,
    failureClass: mustNotDiffer.map(({ path }) => path).join(),
    message:
      note ?? (mustNotDiffer.length === 0 ? undefined : mustNotDiffer.map(({ path }) => path).join(', ')),
    repeat: undefined,
  }));
}

/**
 * A report of a long replay lists every exchange that differs, and of the others the first ones: what only the other report lists does
 * not differ in this one, unless there are more that differ than it has room for.
 */
function addUnlisted(items: Map<string, Item>, { replay, run }: Report, listed: Map<string, Item>): void {
  const isWhole = (run.ended ?? 'complete') === 'complete';
  if (replay?.unlisted === undefined || replay.unlisted.differs > 0 || !isWhole) return;
  for (const [id, item] of listed) {
    if (item.exchange === undefined || items.has(id)) continue;
    const state = { state: 'not listed', failing: false, conclusive: true, message: undefined };
    items.set(id, { ...item, ...state, failureClass: 'not listed' });
  }
}

function side({ run, tool, target }: Report): Side {
  return {
    ...(run.label === undefined ? {} : { label: run.label }),
    startedAt: run.startedAt,
    version: tool.version,
    target: target.address,
    seed: run.seed,
  };
}
