import { mergeSections } from './merge-sections';
import type { Ending, Report, Result, Shard } from './model';
import type { Part } from './merge-part';
import { ReportError } from './report-error';
import { summarise } from './summary';
import type { Outcome } from './levels';

/**
 * One report out of the shards of a run: what the run without shards would have given, histograms included.
 * @throws ReportError `parts-do-not-belong-together` where seed, command, target or tool differ, a shard is missing or
 * there twice, or a section cannot be put together
 */
export function mergeReports(parts: readonly Part[]): Report {
  const [first] = parts;
  if (first === undefined)
    throw refusal('merge', '', 'there are no parts', 'name the JSON reports of all shards');
  const ordered = inOrder(parts);
  for (const part of ordered) checkSameRun(first, part);
  const reports = ordered.map(({ report }) => report);
  const results = mergeResults(reports);
  const { warnings: _w, limits: _l, diedIn: _d, ended: _e, endedMessage: _m, ...run } = first.report.run;
  return {
    schema: first.report.schema,
    tool: first.report.tool,
    run: {
      ...run,
      startedAt: reports.map((report) => report.run.startedAt).sort()[0]!,
      durationMs: Math.max(...reports.map((report) => report.run.durationMs)),
      shard: null,
      command: withoutShard(first.report.run.command),
      ...worstEnding(reports),
      ...ofAnyPart('diedIn', reports),
      ...ofAnyPart('warnings', reports),
      ...ofAnyPart('limits', reports),
    },
    target: first.report.target,
    summary: summarise(results),
    results,
    ...mergeSections(ordered),
  };
}

/** The command line without what differs from shard to shard: the shard itself, and where output goes. */
export function withoutShard(command: string): string {
  return command
    .replace(/ --(?:shard|json|junit|html|markdown|pcap|out)[ =](?:'(?:[^']|'\\'')*'|\S+)/g, '')
    .trim();
}

function inOrder(parts: readonly Part[]): Part[] {
  const seen = new Map<number, Part>();
  const sharded = parts.map((part) => ({ part, shard: shardOf(part) }));
  const { of } = sharded[0]!.shard;
  for (const { part, shard } of sharded) {
    if (shard.of !== of) {
      throw refusal(
        part.where,
        'run.shard',
        `is of ${shard.of} shards, the first part of ${of}`,
        'merge the shards of one run',
      );
    }
    const twin = seen.get(shard.index);
    if (twin !== undefined) {
      throw refusal(
        part.where,
        'run.shard',
        `shard ${shard.index}/${of} is in ${twin.where} too`,
        'give each shard once',
      );
    }
    seen.set(shard.index, part);
  }
  const missing = Array.from({ length: of }, (_, index) => index + 1).filter((index) => !seen.has(index));
  if (missing.length > 0) {
    throw refusal(
      'merge',
      '',
      `shard ${missing.map((index) => `${index}/${of}`).join(', ')} is missing`,
      'give every shard of the run',
    );
  }
  return [...seen.entries()].sort(([one], [other]) => one - other).map(([, part]) => part);
}

function shardOf({ report, where }: Part): Shard {
  const { shard } = report.run;
  if (shard === null)
    throw refusal(where, 'run.shard', 'is no shard', 'give reports of runs with --shard I/N');
  if (shard.index > shard.of) {
    throw refusal(
      where,
      'run.shard',
      `there is no shard ${shard.index} of ${shard.of}`,
      'write the report again',
    );
  }
  return shard;
}

/** An embedded host has another port in each process: its address says nothing. */
function checkSameRun(first: Part, part: Part): void {
  const facts = ({ report }: Part): Record<string, string> => ({
    'tool.version': report.tool.version,
    'run.seed': String(report.run.seed),
    'run.command': withoutShard(report.run.command),
    'run.failOn': (report.run.failOn ?? []).join(','),
    'target.embedded': String(report.target.embedded),
    'target.address': report.target.embedded ? '' : report.target.address,
    'target.profile': report.target.profile,
  });
  const wanted = facts(first);
  for (const [path, value] of Object.entries(facts(part))) {
    if (value === wanted[path]) continue;
    throw refusal(
      part.where,
      path,
      `is ${value || 'empty'}, in ${first.where} ${wanted[path] || 'empty'}`,
      'merge the shards of one run',
    );
  }
}

/** What befell one part befell the whole: a machine that did not suffice for its part leaves the whole unjudged there. */
function ofAnyPart(
  what: 'diedIn' | 'warnings' | 'limits',
  reports: readonly Report[],
): { readonly [Key in typeof what]?: string[] } {
  const all = [...new Set(reports.flatMap(({ run }) => run[what] ?? []))];
  return all.length === 0 ? {} : { [what]: all };
}

/** Interrupted and lost parts make the whole interrupted or lost. */
function worstEnding(reports: readonly Report[]): { ended?: Ending; endedMessage?: string } {
  const order: readonly Ending[] = ['interrupted', 'terminated', 'target-unreachable', 'target-died'];
  const worst = order.find((ending) => reports.some(({ run }) => run.ended === ending));
  if (worst === undefined) return {};
  const message = reports.find(({ run }) => run.ended === worst)?.run.endedMessage;
  return { ended: worst, ...(message === undefined ? {} : { endedMessage: message }) };
}

/** What an id that is in several parts came to: what was checked outweighs what was not, failures outweigh passes. */
const WEIGHT: readonly Outcome[] = [
  'failed',
  'unexpected-pass',
  'expected-failure',
  'passed',
  'not-run',
  'inconclusive',
  'untestable',
  'excluded',
];

function mergeResults(reports: readonly Report[]): Result[] {
  const merged = new Map<string, Result>();
  for (const result of reports.flatMap(({ results }) => results)) {
    const before = merged.get(result.id);
    const heavier =
      before === undefined || WEIGHT.indexOf(result.outcome) < WEIGHT.indexOf(before.outcome)
        ? result
        : before;
    const durationMs = (before?.durationMs ?? 0) + result.durationMs;
    merged.set(result.id, { ...heavier, durationMs });
  }
  return inCatalogueOrder([...merged.values()]);
}

/** Suites as they first come up, requirements by number: the same order however the work was split. */
function inCatalogueOrder(results: Result[]): Result[] {
  const suites = [...new Set(results.map(({ suite }) => suite))];
  return results.sort(
    (one, other) =>
      suites.indexOf(one.suite) - suites.indexOf(other.suite) ||
      one.id.localeCompare(other.id, 'en', { numeric: true }),
  );
}

function refusal(where: string, path: string, problem: string, advice: string): ReportError {
  return new ReportError({ code: 'parts-do-not-belong-together', where, path, problem, advice });
}
