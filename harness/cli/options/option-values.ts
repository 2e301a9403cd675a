import { resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { isGuid } from '../../../protocol';
import { parseRange, type Range } from '../../jobs/probe/ranges';
import { parseDuration } from '../../support/duration';
import { suggest } from '../../support/suggest';
import { UsageError } from '../../support/usage-error';
import { LEVELS, type Level } from '../../../reports/results/levels';
import { MOST_LABEL } from '../../../reports/results/run-label';

/** Reads of option values, for commander: what does not fit is told with the option's name. */

/** @param unit as a reader says it behind the number, such as `milliseconds` */
export function wholeNumber(min: number, max: number, unit?: string): (text: string) => number {
  return (text) => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    const of = unit === undefined ? 'a whole number' : `a whole number of ${unit}`;
    throw new InvalidArgumentError(`expected ${of} from ${min} to ${max}.`);
  };
}

/** A time of more than nothing, in seconds. @param examples that a message offers */
export function durationLike(examples: string, mostSeconds = Infinity): (text: string) => number {
  return (text) => {
    const seconds = parseDuration(text);
    if (seconds !== undefined && seconds > 0 && seconds <= mostSeconds) return seconds;
    throw new InvalidArgumentError(`expected a ${examples}.`);
  };
}

export const duration = durationLike('duration such as 30s, 10m or 8h');

/** For options that may be given several times, each a list with commas. */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.some((part) => part === '')) throw new InvalidArgumentError('a part of the list is empty.');
  return [...before, ...parts];
}

/** Ports, for an option that may be given several times, each a list with commas. */
export function portList(text: string, before: readonly number[] = []): readonly number[] {
  return [...before, ...collect(text).map(wholeNumber(1, 65_535))];
}

export function levels(text: string): readonly Level[] {
  return text.split(',').map((part) => {
    const level = LEVELS.find((name) => name === part.trim().toUpperCase());
    if (level === undefined) throw new InvalidArgumentError(`expected levels of ${LEVELS.join(', ')}.`);
    return level;
  });
}

/** Words of the one who runs it, short enough for the head of a table. */
export function label(text: string): string {
  if (text.trim() !== '' && text.length <= MOST_LABEL) return text.trim();
  throw new InvalidArgumentError(`expected 1 to ${MOST_LABEL} characters, such as the version of the host.`);
}

/** An option that takes one of some words. */
export function choice(
  flags: string,
  description: string,
  values: readonly string[],
  usual?: string,
): Option {
  const option = new Option(flags, description).choices(values).argParser((text: string) => {
    if (values.includes(text)) return text;
    const near = suggest(text, values);
    const advice = near === undefined ? '' : ` Did you mean ${near}?`;
    throw new InvalidArgumentError(`Allowed choices are ${values.join(', ')}.${advice}`);
  });
  return usual === undefined ? option : option.default(usual);
}

/**
 * Holds that at most one form goes to standard output, where nobody could tell two apart, and none to the file of another.
 * @param forms options that name a file each
 * @throws UsageError
 */
export function checkStandardOutput(
  forms: readonly string[],
  options: Readonly<Record<string, unknown>>,
): void {
  const taken = new Map<string, string>();
  for (const form of forms) {
    const file = options[form];
    if (typeof file !== 'string') continue;
    const path = file === '-' ? file : resolve(file);
    const first = taken.get(path);
    taken.set(path, form);
    if (first === undefined) continue;
    if (file === '-') {
      throw new UsageError(
        `--${first} and --${form} cannot both go to standard output: give one of them a file`,
      );
    }
    throw new UsageError(`--${first} and --${form} would both write ${file}: give each a file of its own`);
  }
}

export function guid(text: string): string {
  if (isGuid(text)) return text.toLowerCase();
  throw new InvalidArgumentError('expected a GUID, xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx.');
}

/** A range of the Monitoring Plugins guidelines. */
export function range(text: string): Range {
  const value = parseRange(text);
  if (value !== null) return value;
  throw new InvalidArgumentError('expected a range, such as 10: (10 or more), 5:20, ~:20 or @5:20.');
}

/** For an option that names one thing: a second one would silently win over the first. */
export function once(text: string, before: string | undefined): string {
  if (before === undefined) return text;
  throw new InvalidArgumentError(`it is given twice, ${before} before; give one.`);
}

export interface ShardOption {
  readonly index: number;
  readonly of: number;
}

export function shard(text: string): ShardOption {
  const [, index = '0', of = '0'] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  const part = { index: Number(index), of: Number(of) };
  if (part.index >= 1 && part.index <= part.of) return part;
  throw new InvalidArgumentError('expected I/N, such as 1/4, with I from 1 to N.');
}
