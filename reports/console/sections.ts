import { replayCounts, unlistedWords } from '../results/replay-counts';
import { requestNumber } from '../results/request-number';
import { escapeTerminal } from '../escape/terminal';
import type { Discovery, Fleet, Latency, Replay, Report, Trajectory } from '../results/model';
import { untried } from '../results/coverage';
import { SOUND_VERDICTS } from '../results/discovery-verdicts';
import { formatDuration } from '../results/wording';
import { columns, type ColumnsOptions } from '../text/columns';
import type { Paint } from './style';

/** What stands behind the first column is a number, or is short. */
const NUMBERS: ColumnsOptions = { left: 'first', indent: '  ' };

/** A few lines for each section that the report has. */
export function sectionLines(report: Report, paint: Paint): string[] {
  const { trajectory, latency, coverage, fleet, discovery, replay } = report;
  return [
    ...(replay === undefined ? [] : replayLines(replay, paint)),
    ...(trajectory === undefined ? [] : trajectoryLines(trajectory)),
    ...(latency === undefined ? [] : latencyLines(latency, paint)),
    ...(coverage === undefined ? [] : coverageLines(coverage)),
    ...(fleet === undefined ? [] : fleetLines(fleet)),
    ...(discovery === undefined ? [] : discoveryLines(discovery, paint)),
  ];
}

function coverageLines(coverage: NonNullable<Report['coverage']>): string[] {
  const missing = untried(coverage);
  return [
    `Fuzzing: ${coverage.cases} cases, ${Math.round(coverage.casesPerSecond)} a second; ${coverage.rows.length} pairs of field and kind of value, ${missing.length} of them never tried`,
    ...missing
      .slice(0, 5)
      .map(({ field, kind }) => `  not tried: ${escapeTerminal(field)}, ${escapeTerminal(kind)}`),
  ];
}

function replayLines(replay: Replay, paint: Paint): string[] {
  const { capture, exchanges, unlisted } = replay;
  const counts = replayCounts(replay);
  const reasons = new Map<string, number>();
  const listed = exchanges.flatMap(({ mayDiffer }) => mayDiffer.map((field) => ({ ...field, times: 1 })));
  for (const { path, reason, times } of [...listed, ...(unlisted?.mayDiffer ?? [])]) {
    const line = `${escapeTerminal(path)}: ${escapeTerminal(reason)}`;
    reasons.set(line, (reasons.get(line) ?? 0) + times);
  }
  const wrong = exchanges.filter(({ verdict }) => verdict === 'differs');
  return [
    `Replay of ${escapeTerminal(capture)}: ${counts.agrees} of ${counts.sent} answers agree, ${counts.differs} differ, ${counts['not-comparable']} cannot be compared`,
    ...(counts.unlisted === 0
      ? []
      : [`  not listed one by one: ${counts.unlisted}, of which ${unlistedWords(replay)}`]),
    ...[...reasons].map(([line, times]) => `  may differ (${times} times)  ${line}`),
    ...wrong
      .slice(0, 20)
      .flatMap(({ index, sent, mustNotDiffer }) => [
        `  ${paint('bad', '✗')} exchange ${index}, ${escapeTerminal(sent)}`,
        ...mustNotDiffer.map(
          ({ path, recorded, answered, reason }) =>
            `      ${escapeTerminal(path)}: recorded ${escapeTerminal(recorded ?? 'nothing')}, answered ${escapeTerminal(answered ?? 'nothing')} (${escapeTerminal(reason)})`,
        ),
      ]),
    ...(counts.differs > 20 ? [`  … and ${counts.differs - 20} more`] : []),
  ];
}

function trajectoryLines(trajectory: Trajectory): string[] {
  const { requests, points, firstDifference } = trajectory;
  const last = points.at(-1);
  const end =
    last === undefined
      ? ''
      : `, the last count ${last.answered ?? 'none'} (expected ${last.expected ?? 'unknown'})`;
  return [
    `Counts: ${requests} requests${end}`,
    ...(firstDifference === undefined
      ? []
      : [
          `  first difference at request ${requestNumber(trajectory)(firstDifference.index)}: ${escapeTerminal(firstDifference.message)}`,
        ]),
  ];
}

/** The count after each request as a table: at most `limit` rows, the first difference among them. */
export function trajectoryTable(trajectory: Trajectory, limit = 100): string {
  const { points, firstDifference } = trajectory;
  const from =
    firstDifference === undefined
      ? 0
      : Math.max(0, points.findIndex(({ index }) => index === firstDifference.index) - Math.floor(limit / 2));
  const shown = points.slice(from, from + limit);
  const cell = (count: number | null): string => (count === null ? '-' : String(count));
  const numbers = requestNumber(trajectory);
  const rows = shown.map((point) => [
    `${numbers(point.index)}  ${escapeTerminal(point.sent)}`,
    cell(point.recorded),
    cell(point.answered),
    cell(point.expected),
    point.answered !== null && point.expected !== null && point.answered !== point.expected ? '✗' : ' ',
    escapeTerminal(point.note ?? ''),
  ]);
  const lines = columns([['request', 'recorded', 'answered', 'expected', ' ', ''], ...rows], NUMBERS);
  const hidden = points.length - shown.length;
  return [...lines, ...(hidden > 0 ? [`  (${hidden} more not shown)`] : [])].join('\n');
}

function latencyLines(latency: Latency, paint: Paint): string[] {
  const wanted = [50, 90, 99, 99.9];
  const at = (series: Latency['series'][number], percentile: number): string => {
    const found = series.percentiles.find((each) => each.percentile === percentile);
    return found === undefined ? '-' : formatDuration(found.ms);
  };
  return [
    `Load: ${latency.requests} requests, ${latency.achievedPerSecond.toFixed(1)} a second${latency.askedPerSecond === null ? '' : ` (asked for ${latency.askedPerSecond})`}`,
    ...columns([
      ['latency', ...wanted.map((percentile) => `p${percentile}`), 'max'],
      ...latency.series.map(
        (series) => [
          escapeTerminal(series.name),
          ...wanted.map((percentile) => at(series, percentile)),
          formatDuration(series.maxMs),
        ],
        NUMBERS,
      ),
    ]),
    ...latency.failures.map(
      ({ class: name, count }) => `  ${paint('bad', '✗')} ${count} × ${escapeTerminal(name)}`,
    ),
    ...(latency.budgets ?? []).map(
      ({ name, limit, measured, held }) =>
        `  ${paint(held ? 'good' : 'bad', held ? '✓ held' : '✗ broken')}: budget ${escapeTerminal(name)} ${limit}, measured ${measured}`,
    ),
    ...(latency.warnings ?? []).map((warning) => `  ${paint('doubt', '!')} ${escapeTerminal(warning)}`),
  ];
}

function fleetLines(fleet: Fleet): string[] {
  const hours = (value: number | null): string => (value === null ? 'never' : `${value.toFixed(1)} h`);
  return [
    `Fleet: ${fleet.clients} machines over ${fleet.days} days; ${fleet.activated} activated, ${fleet.neverActivated} never; the first after ${hours(fleet.firstActivationHour)}, the last after ${hours(fleet.lastActivationHour)}`,
    ...(fleet.notShown ?? []).map((what) => `  not shown: ${escapeTerminal(what)}`),
  ];
}

function discoveryLines({ domains }: Discovery, paint: Paint): string[] {
  return domains.flatMap(({ domain, hosts, warnings = [] }) => [
    `Domain ${escapeTerminal(domain)}: ${hosts.length} published ${hosts.length === 1 ? 'host' : 'hosts'}`,
    ...hosts.map(({ name, port, priority, weight, verdicts, message }) => {
      const good = verdicts.every((verdict) => SOUND_VERDICTS.has(verdict));
      const words = paint(good ? 'good' : 'bad', `${good ? '✓' : '✗'} ${verdicts.join(', ')}`);
      return `  ${words}  ${escapeTerminal(name)}:${port}  priority ${priority}, weight ${weight}${message === undefined ? '' : `  ${escapeTerminal(message)}`}`;
    }),
    ...warnings.map((warning) => `  ${paint('doubt', '!')} ${escapeTerminal(warning)}`),
  ]);
}
