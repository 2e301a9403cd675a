import { jsonText } from '../../../../reports/escape/json';
import { type Health, type HostHealth, STATES, type Thresholds } from '../health';
import type { Range } from '../ranges';
import { onlyHost, printable, problemsOf, sentenceOf, servingOf, subjectOf, summaryOf } from './words';

/** What a sensor shows of its text. */
const MAX_TEXT = 2000;
/** What a sensor has of channels. */
const MAX_CHANNELS = 50;

interface Channel {
  readonly channel: string;
  readonly value: number;
  readonly unit: 'Count' | 'TimeResponse' | 'Custom';
  readonly customunit?: string;
  readonly float?: 1;
  readonly limitmode?: 1;
  readonly limitmaxerror?: number;
  readonly limitmaxwarning?: number;
  readonly limitminerror?: number;
  readonly limitminwarning?: number;
}

/** What an EXE/Script Advanced sensor of PRTG reads (its manual, "Custom Sensors"): channels with limits, or an error. */
export function prtgText(health: Health): string {
  const { state, hosts, domains, thresholds } = health;
  const problems = problemsOf(health);
  if (state === 'unknown') return prtgError(problems.map(sentenceOf).join('; '));
  const only = onlyHost(health);
  const ok = only === null ? `${subjectOf(health)}: ${servingOf(health)}` : `${only.host} ${summaryOf(only)}`;
  const channels: Channel[] = [
    // A warning above 0, an error above 1: the sensor has the state that the probe found.
    {
      channel: 'State',
      value: STATES[state],
      unit: 'Custom',
      customunit: 'state',
      ...limits({ maxWarning: 0, maxError: 1 }),
    },
    ...(only === null ? counts(health) : []),
    ...domains.flatMap(({ domain, missing, stray }) => [
      ...(missing === null
        ? []
        : [{ channel: `Missing SRV records of ${domain}`, value: missing, unit: 'Count' as const }]),
      ...(stray === null
        ? []
        : [{ channel: `Stray SRV records of ${domain}`, value: stray, unit: 'Count' as const }]),
    ]),
    ...hosts.flatMap((host) => hostChannels(host, only === null ? ` of ${host.host}` : '', thresholds)),
  ];
  const text = problems.length === 0 ? ok : problems.map(sentenceOf).join('; ');
  return print({ result: channels.slice(0, MAX_CHANNELS).map(withPlainName), text: short(text) });
}

export const prtgError = (problem: string): string => print({ error: 1, text: short(problem) });

const print = (prtg: object): string => `${jsonText({ prtg }, 2)}\n`;
const short = (text: string): string => printable(text).slice(0, MAX_TEXT);
const withPlainName = (channel: Channel): Channel => ({ ...channel, channel: printable(channel.channel) });

const counts = ({ hosts }: Health): Channel[] => [
  { channel: 'Hosts', value: hosts.length, unit: 'Count' },
  { channel: 'Serving hosts', value: hosts.filter(({ serves }) => serves).length, unit: 'Count' },
];

function hostChannels({ count, latencyMs }: HostHealth, of: string, thresholds: Thresholds): Channel[] {
  const { warnCount, critCount, warnMs, critMs } = thresholds;
  const time = { channel: `Response time${of}`, unit: 'TimeResponse', float: 1 } as const;
  return [
    ...(count === null
      ? []
      : [
          {
            channel: `Count${of}`,
            value: count,
            unit: 'Count' as const,
            ...limits(countLimits(warnCount, critCount)),
          },
        ]),
    ...(latencyMs === null
      ? []
      : [
          {
            ...time,
            value: Number(latencyMs.toFixed(3)),
            ...limits({ maxWarning: warnMs, maxError: critMs }),
          },
        ]),
  ];
}

interface Limits {
  readonly minWarning?: number | undefined;
  readonly minError?: number | undefined;
  readonly maxWarning?: number | undefined;
  readonly maxError?: number | undefined;
}

/** A range that is inverted has no limits of this kind: the channel of the state tells it. */
function countLimits(warn: Range, crit: Range | null): Limits {
  const ends = (range: Range | null): readonly (number | undefined)[] =>
    range === null || range.inverted ? [] : [finite(range.start), finite(range.end)];
  const [minWarning, maxWarning] = ends(warn);
  const [minError, maxError] = ends(crit);
  return { minWarning, maxWarning, minError, maxError };
}

const finite = (end: number): number | undefined => (Number.isFinite(end) ? end : undefined);

function limits({ minWarning, minError, maxWarning, maxError }: Limits): Partial<Channel> {
  const given = {
    ...(maxError === undefined ? {} : { limitmaxerror: maxError }),
    ...(maxWarning === undefined ? {} : { limitmaxwarning: maxWarning }),
    ...(minError === undefined ? {} : { limitminerror: minError }),
    ...(minWarning === undefined ? {} : { limitminwarning: minWarning }),
  };
  return Object.keys(given).length === 0 ? {} : { limitmode: 1, ...given };
}
