import fc from 'fast-check';
import { type IntegerRange, integerDraw, type Draw } from './draws';

/**
 * An arbitrary that can also be drawn from without fast-check, which keeps with every value what it needs to shrink it: a campaign draws cases by the
 * thousand a second, and shrinks few. Both ways draw the same words in the same order, so that a case which is to be shrunk is made again by
 * fast-check.
 */
export class Drawn<T> extends fc.Arbitrary<T> {
  constructor(
    private readonly shrinkable: fc.Arbitrary<T>,
    /** The value that `generate` makes of the same words without a bias. */
    readonly draw: Draw<T>,
  ) {
    super();
  }

  override generate(random: fc.Random, bias: number | undefined): fc.Value<T> {
    return this.shrinkable.generate(random, bias);
  }

  override canShrinkWithoutContext(value: unknown): value is T {
    return this.shrinkable.canShrinkWithoutContext(value);
  }

  override shrink(value: T, context: unknown): fc.Stream<fc.Value<T>> {
    return this.shrinkable.shrink(value, context);
  }

  override map<U>(to: (value: T) => U): Drawn<U> {
    const { draw } = this;
    return new Drawn(this.shrinkable.map(to), (words) => to(draw(words)));
  }

  override chain<U>(to: (value: T) => Drawn<U>): Drawn<U> {
    const { draw } = this;
    return new Drawn(this.shrinkable.chain(to), (words) => to(draw(words)).draw(words));
  }
}

type Parts<T> = { readonly [K in keyof T]: Drawn<T[K]> };

/** A whole number, `min` and `max` included. */
export const integer = (range: IntegerRange): Drawn<number> =>
  new Drawn(fc.integer(range), integerDraw(range));

export const nat = (max: number): Drawn<number> => integer({ min: 0, max });

export function boolean(): Drawn<boolean> {
  const draw = integerDraw({ min: 0, max: 1 });
  return new Drawn(fc.boolean(), (words) => draw(words) === 1);
}

export const constant = <const T>(value: T): Drawn<T> => new Drawn(fc.constant(value), () => value);

/** @throws Error where there is none */
export function constantFrom<const T>(...values: readonly T[]): Drawn<T> {
  if (values.length === 1) return constant(values[0]!);
  const index = integerDraw({ min: 0, max: values.length - 1 });
  return new Drawn(fc.constantFrom(...values), (words) => values[index(words)]!);
}

/** One of several, and how often of the sum of all weights. */
export interface Weighted<T> {
  readonly weight: number;
  readonly arbitrary: Drawn<T>;
}

type Choices<T extends readonly unknown[]> = { readonly [K in keyof T]: Drawn<T[K]> | Weighted<T[K]> };

export function oneof<T extends readonly unknown[]>(...some: Choices<T>): Drawn<T[number]> {
  const weighted = some.map((one: Drawn<T[number]> | Weighted<T[number]>) =>
    one instanceof Drawn ? { weight: 1, arbitrary: one } : one,
  );
  return new Drawn<T[number]>(fc.oneof(...weighted), choice(weighted));
}

function choice<T>(weighted: readonly Weighted<T>[]): Draw<T> {
  const draws = weighted.flatMap(({ weight, arbitrary }) =>
    Array.from({ length: weight }, () => arbitrary.draw),
  );
  const index = integerDraw({ min: 0, max: draws.length - 1 });
  return (words) => draws[index(words)]!(words);
}

/** Nothing one time in `freq`. */
export const option = <T, N>(arbitrary: Drawn<T>, { freq, nil }: { freq: number; nil: N }): Drawn<T | N> =>
  new Drawn<T | N>(
    fc.option(arbitrary, { freq, nil }),
    choice<T | N>([
      { weight: 1, arbitrary: constant<N>(nil) },
      { weight: freq - 1, arbitrary },
    ]),
  );

export function tuple<T extends unknown[]>(...parts: Parts<T>): Drawn<T> {
  const draws = parts.map(({ draw }) => draw);
  return new Drawn<T>(fc.tuple(...parts) as unknown as fc.Arbitrary<T>, (words) => {
    const values: unknown[] = [];
    for (const draw of draws) values.push(draw(words));
    return values as T;
  });
}

/** fast-check draws behind the parts whether its object has a prototype; those that are drawn here all have one. */
export function record<T>(parts: Parts<T>): Drawn<T> {
  const names = Object.keys(parts) as (keyof T)[];
  const draws = names.map((name): Draw<unknown> => parts[name].draw);
  return new Drawn(fc.record<T>(parts), (words) => {
    const values: Partial<Record<keyof T, unknown>> = {};
    for (let i = 0; i < names.length; i++) values[names[i]!] = draws[i]!(words);
    words.word();
    return values as T;
  });
}

export interface Lengths {
  readonly minLength?: number;
  readonly maxLength: number;
}

/** fast-check's own `size` would cap lengths at some ten items. */
const asLong = ({ minLength = 0, maxLength }: Lengths) => ({ minLength, maxLength, size: 'max' as const });

export function array<T>(item: Drawn<T>, lengths: Lengths): Drawn<T[]> {
  const { draw } = item;
  const length = integerDraw({ min: lengths.minLength ?? 0, max: lengths.maxLength });
  return new Drawn(fc.array(item, asLong(lengths)), (words) => {
    const items: T[] = [];
    for (let left = length(words); left > 0; left--) items.push(draw(words));
    return items;
  });
}

export function uint8Array(lengths: Lengths): Drawn<Uint8Array> {
  const length = integerDraw({ min: lengths.minLength ?? 0, max: lengths.maxLength });
  return new Drawn(fc.uint8Array(asLong(lengths)), (words) => {
    const octets = new Uint8Array(length(words));
    for (let i = 0; i < octets.length; i++) octets[i] = words.word();
    return octets;
  });
}

/** The same, of which fast-check tries nothing simpler. */
export const noShrink = <T>(arbitrary: Drawn<T>): Drawn<T> =>
  new Drawn(fc.noShrink(arbitrary), arbitrary.draw);
