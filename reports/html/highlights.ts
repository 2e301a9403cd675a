import type { Fleet, Latency, Replay, Report, Trajectory } from '../results/model';
import { replayCounts } from '../results/replay-counts';
import { requestNumber } from '../results/request-number';
import { untried } from '../results/coverage';
import { SOUND_VERDICTS } from '../results/discovery-verdicts';
import { formatDuration } from '../results/wording';

/** A number that a page is about, and what it is of. */
export interface Highlight {
  readonly value: string;
  readonly of: string;
  readonly bad?: boolean;
}

/**
 * What a page is about where it is of no requirements: a verb such as `load` comes to one or two checks, and to numbers that say more. Nothing
 * for `run`, and where the report has no such section.
 */
export function highlights(report: Report): Highlight[] {
  if ((report.run.verb ?? 'run') === 'run') return [];
  const { replay, trajectory, latency, coverage, fleet, discovery, findings = [] } = report;
  return [
    ...(replay === undefined ? [] : ofReplay(replay)),
    ...(trajectory === undefined || replay !== undefined ? [] : ofCounts(trajectory)),
    ...(latency === undefined ? [] : ofLatency(latency)),
    ...(coverage === undefined
      ? []
      : [
          number(coverage.cases, 'cases'),
          wrong(findings.filter(({ state }) => state !== 'fixed').length, 'findings'),
          number(untried(coverage).length, 'pairs of field and kind of value never tried'),
        ]),
    ...(fleet === undefined ? [] : ofFleet(fleet)),
    ...(discovery === undefined ? [] : ofHosts(discovery.domains.flatMap(({ hosts }) => hosts))),
  ];
}

const number = (value: number, of: string): Highlight => ({ value: String(value), of });
const wrong = (value: number, of: string): Highlight => ({
  value: String(value),
  of: `${value > 0 ? '✗ ' : ''}${of}`,
  bad: value > 0,
});

function ofReplay(replay: Replay): Highlight[] {
  const { agrees, differs, 'not-comparable': incomparable, sent } = replayCounts(replay);
  return [
    number(agrees, `of ${sent} answers agree with their recording`),
    wrong(differs, 'differ'),
    ...(incomparable === 0 ? [] : [number(incomparable, 'cannot be compared')]),
  ];
}

function ofCounts(trajectory: Trajectory): Highlight[] {
  const { requests, points, firstDifference } = trajectory;
  const last = points.findLast(({ answered }) => answered !== null)?.answered;
  return [
    number(requests, 'requests'),
    ...(last === undefined || last === null ? [] : [number(last, 'was the last count')]),
    firstDifference === undefined
      ? number(0, 'counts differ from the model')
      : {
          value: String(requestNumber(trajectory)(firstDifference.index)),
          of: '✗ is the first request that differs',
          bad: true,
        },
  ];
}

function ofLatency({ requests, achievedPerSecond, askedPerSecond, failures, series }: Latency): Highlight[] {
  const asked = askedPerSecond === null ? 'as fast as possible' : `asked for ${askedPerSecond}`;
  const failed = failures.reduce((sum, { count }) => sum + count, 0);
  const percentiles = (series[0]?.percentiles ?? []).filter(({ percentile }) =>
    [50, 99].includes(percentile),
  );
  return [
    number(requests, 'requests'),
    { value: achievedPerSecond.toFixed(1), of: `a second, ${asked}` },
    ...percentiles.map(({ percentile, ms }) => ({
      value: formatDuration(ms),
      of: `${percentile} % were answered within, ${series[0]!.name}`,
    })),
    wrong(failed, 'failed'),
  ];
}

function ofFleet(fleet: Fleet): Highlight[] {
  const { clients, days, activated, neverActivated, firstActivationHour, lastActivationHour } = fleet;
  const hours = (value: number | null, of: string): Highlight[] =>
    value === null ? [] : [{ value: `${value.toFixed(1)} h`, of }];
  return [
    number(clients, `machines over ${days} virtual days`),
    number(activated, 'activated'),
    number(neverActivated, 'never activated'),
    ...hours(firstActivationHour, 'until the first was'),
    ...hours(lastActivationHour, 'until the last was'),
  ];
}

function ofHosts(hosts: readonly { readonly verdicts: readonly string[] }[]): Highlight[] {
  const sound = hosts.filter(({ verdicts }) => verdicts.every((verdict) => SOUND_VERDICTS.has(verdict)));
  const unasked = sound.filter(({ verdicts }) => verdicts.includes('not-probed')).length;
  const right = sound.length - unasked;
  return [
    number(hosts.length, hosts.length === 1 ? 'host published' : 'hosts published'),
    number(right, 'right'),
    wrong(hosts.length - right - unasked, 'not right'),
    ...(unasked === 0 ? [] : [number(unasked, 'not asked')]),
  ];
}
