/** What a Nagios plugin printed, as its readers take it apart. */
export interface PluginOutput {
  readonly state: string;
  /** The first line, without performance data. */
  readonly short: string;
  readonly long: readonly string[];
  readonly data: Readonly<Record<string, string>>;
}

const RANGE = '@?(?:(?:~|-?\\d+(?:\\.\\d+)?)?:)?(?:-?\\d+(?:\\.\\d+)?)?';
const NUMBER = '-?\\d+(?:\\.\\d+)?';
const UNIT = '(?:us|ms|s|%|B|KB|MB|GB|TB|c)?';
const DATUM = new RegExp(
  `^(?:'([^'=]+)'|([^'=\\s]+))=(${NUMBER}${UNIT}(?:;(?:${RANGE})(?:;(?:${RANGE})(?:;(?:${NUMBER})?(?:;(?:${NUMBER})?)?)?)?)?)$`,
);

/**
 * Reads plugin output by the Monitoring Plugins guidelines and refuses what they do not allow: more than 4 kB, a first line that is long or
 * does not begin with service and state, performance data that does not parse, a label twice, control characters.
 */
export function readPluginOutput(text: string): PluginOutput {
  if (Buffer.byteLength(text) > 4096) throw new Error(`${Buffer.byteLength(text)} bytes: more than 4 kB`);
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const [first = '', ...long] = text.slice(0, -1).split('\n');
  const odd = /[\p{Cc}\p{Cf}]/u.exec([first, ...long].join(''));
  if (odd !== null) throw new Error(`a control character U+${odd[0].codePointAt(0)!.toString(16)}`);
  const [short = '', data = '', ...more] = first.split('|');
  if (more.length > 0 || long.some((line) => line.includes('|')))
    throw new Error(`a bar in the text: ${text}`);
  const [, state] = /^KMS (OK|WARNING|CRITICAL|UNKNOWN) - \S/.exec(short) ?? [];
  if (state === undefined) throw new Error(`${short}: does not begin with service and state`);
  if (short.trim().length > 80 && state !== 'UNKNOWN')
    throw new Error(`${short.length} characters: too long for a pager`);
  return { state, short: short.trim(), long, data: readData(data.trim()) };
}

function readData(text: string): Record<string, string> {
  const data: Record<string, string> = {};
  for (const part of text.match(/(?:'[^']*'|[^'\s])+/g) ?? []) {
    const match = DATUM.exec(part);
    const label = match?.[1] ?? match?.[2];
    if (label === undefined || label in data)
      throw new Error(`${part}: no performance data, or a label twice`);
    data[label] = match![3]!;
  }
  return data;
}
