import { createHash } from 'node:crypto';
import { type Group, resultChange } from './compare';
import type { Part } from './merge-part';
import type { Report, Result } from './model';
import { ReportError } from './report-error';
import { courseOf, type Course } from './course';

/** One saved run in the history of its host. */
export interface SavedRun extends Part {
  /** The same whenever the same run is read, and another for any other: names of pages are made of it. */
  readonly key: string;
  /** When it began, in ms since 1970. */
  readonly at: number;
  /** From 1, oldest first, within its host. */
  readonly number: number;
}

/** What became of one requirement in the runs of one host. */
export interface RequirementHistory {
  readonly id: string;
  /** As the latest run that has it words it. */
  readonly latest: Result;
  /** The run that `latest` is of: an index of `runs`. */
  readonly latestRun: number;
  /** One for each run, oldest first; undefined where the run did not have it. */
  readonly results: readonly (Result | undefined)[];
  readonly course: Course;
}

/** One host, judged by one profile. */
export interface HostHistory {
  readonly key: string;
  /** Its address, or that it is the embedded lab host, whose port is another in each run. */
  readonly name: string;
  readonly profile: string;
  /** Oldest first; at least one. */
  readonly runs: readonly SavedRun[];
  readonly requirements: readonly RequirementHistory[];
}

/** Saved runs by host, and files that say the same. */
export interface RunHistory {
  readonly hosts: readonly HostHistory[];
  /** Files that hold a run that another file holds too, which is counted once. */
  readonly twice: readonly { readonly where: string; readonly as: string }[];
}

/**
 * Saved runs by host and time. Runs of one address that were judged by different profiles are two histories: a requirement that asks for
 * something else is no change of the host.
 * @throws ReportError where one is of another verb than `run`, or began at no time
 */
export function runHistory(parts: readonly Part[]): RunHistory {
  const seen = new Map<string, Part>();
  const twice: { where: string; as: string }[] = [];
  const groups = new Map<string, (Part & { key: string; at: number })[]>();
  for (const part of parts) {
    const at = checkRun(part);
    const key = keyOf(JSON.stringify(part.report));
    const first = seen.get(key);
    if (first !== undefined) {
      twice.push({ where: part.where, as: first.where });
      continue;
    }
    seen.set(key, part);
    const host = JSON.stringify([hostName(part.report), part.report.target.profile]);
    groups.set(host, [...(groups.get(host) ?? []), { ...part, key, at }]);
  }
  const hosts = [...groups].map(([key, runs]) => hostHistory(keyOf(key), runs));
  return { hosts: hosts.sort((one, other) => compareTexts(nameOf(one), nameOf(other))), twice };
}

const nameOf = ({ name, profile }: HostHistory): string => `${name}\n${profile}`;
const compareTexts = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const keyOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

const hostName = ({ target }: Report): string => (target.embedded ? 'embedded lab host' : target.address);

function checkRun({ where, report }: Part): number {
  const { verb = 'run', startedAt } = report.run;
  if (verb !== 'run') {
    throw new ReportError({
      code: 'parts-do-not-belong-together',
      where,
      path: 'run.verb',
      problem: `is ${verb}, and a matrix is of requirements`,
      advice: 'give reports of kmsspec run',
    });
  }
  const at = Date.parse(startedAt);
  if (!Number.isNaN(at)) return at;
  throw new ReportError({
    code: 'bad-field',
    where,
    path: 'run.startedAt',
    problem: 'is no time, so that the run has no place in the history',
    advice: 'give the file as --json wrote it',
  });
}

function hostHistory(key: string, parts: readonly (Part & { key: string; at: number })[]): HostHistory {
  const runs = [...parts]
    .sort((one, other) => one.at - other.at || compareTexts(one.key, other.key))
    .map((part, index) => ({ ...part, number: index + 1 }));
  const { report } = runs.at(-1)!;
  return {
    key,
    name: hostName(report),
    profile: report.target.profile,
    runs,
    requirements: requirementHistories(runs.map((run) => run.report)),
  };
}

function requirementHistories(reports: readonly Report[]): RequirementHistory[] {
  const byRun = reports.map(({ results }) => new Map(results.map((result) => [result.id, result])));
  const latest = new Map<string, number>();
  for (let run = byRun.length - 1; run >= 0; run -= 1) {
    for (const id of byRun[run]!.keys()) if (!latest.has(id)) latest.set(id, run);
  }
  const histories = [...latest].map(([id, latestRun]) => {
    const results = byRun.map((run) => run.get(id));
    return { id, latest: results[latestRun]!, latestRun, results, course: courseOf(results) };
  });
  return bySuite(histories, ({ latest: { suite } }) => suite);
}

/** What belongs to one suite stands together, in the order in which the suites come first. */
export const bySuite = <T>(items: readonly T[], suiteOf: (item: T) => string): T[] =>
  suitesOf(items, suiteOf).flat();

/** The suites, in the order in which they come first. */
export function suitesOf<T>(items: readonly T[], suiteOf: (item: T) => string): T[][] {
  const suites = new Map<string, T[]>();
  for (const item of items) {
    const suite = suites.get(suiteOf(item));
    if (suite === undefined) suites.set(suiteOf(item), [item]);
    else suite.push(item);
  }
  return [...suites.values()];
}

/** What changed in one run against the last run before it that had the requirement. */
export interface HistoryChange {
  readonly group: Exclude<Group, 'added' | 'gone'>;
  readonly before: Result;
  readonly after: Result;
  /** Index of the run that `before` is of. */
  readonly since: number;
}

/** Changes that one run of a host brought: what it did not have is no change, so that part of the suite can be run in between. */
export function changesOf({ requirements }: HostHistory, run: number): HistoryChange[] {
  return requirements.flatMap(({ results }) => {
    const after = results[run];
    let since = run - 1;
    while (since >= 0 && results[since] === undefined) since -= 1;
    const before = results[since];
    const group = after && before && resultChange(before, after);
    if (group === undefined || group === 'added' || group === 'gone') return [];
    return [{ group, before: before!, after: after!, since }];
  });
}
