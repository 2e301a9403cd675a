import { InvalidArgumentError } from 'commander';
import { LEVELS, type Level } from '../../reports/levels';

/** Reads of option values, for commander: what does not fit is told with the option's name. */

export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`expected a whole number from ${min} to ${max}.`);
  };
}

/** For options that may be given several times, each a list with commas. */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.some((part) => part === '')) throw new InvalidArgumentError('a part of the list is empty.');
  return [...before, ...parts];
}

export function levels(text: string): readonly Level[] {
  return text.split(',').map((part) => {
    const level = LEVELS.find((name) => name === part.trim().toUpperCase());
    if (level === undefined) throw new InvalidArgumentError(`expected levels of ${LEVELS.join(', ')}.`);
    return level;
  });
}

export function oneOf<const T extends string>(...allowed: readonly T[]): (text: string) => T {
  return (text) => {
    const found = allowed.find((value) => value === text);
    if (found === undefined) throw new InvalidArgumentError(`expected one of ${allowed.join(', ')}.`);
    return found;
  };
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
