import { formatNumber } from '../section';
import { type Figure, median } from './figures';
import type { BenchRecord } from './record';

/** From so many runs on each side, all of one side above all of the other are no chance: 1 in 35 for four, 1 in 126 for five. */
const ENOUGH_RUNS = 4;

export interface Change {
  readonly figure: string;
  readonly before: number;
  readonly after: number;
  readonly unit: string;
}

export interface Comparison {
  /** Beyond noise: every run of one side is on one side of every run of the other. */
  readonly changed: readonly Change[];
  readonly alike: number;
  /** Why figures were not compared, by reason. */
  readonly left: ReadonlyMap<string, number>;
}

/** Units of what holds on any machine: it is of two things measured in the same run. */
const RATIOS = ['', 'times', '%'];

const nameOf = ({ section, what }: Figure): string => `${section}: ${what}`;

/**
 * Holds two measurements against each other. Ratios of two things measured in one run are compared always, what has a unit only where
 * both come from machines of one kind.
 */
export function compareRecords(before: BenchRecord, after: BenchRecord): Comparison {
  const old = new Map(before.figures.map((figure) => [nameOf(figure), figure]));
  const changed: Change[] = [];
  const left = new Map<string, number>();
  let alike = 0;
  for (const figure of after.figures) {
    const earlier = old.get(nameOf(figure));
    const reason = whyNot(earlier, figure, before.machine === after.machine);
    if (reason !== null) left.set(reason, (left.get(reason) ?? 0) + 1);
    else if (isApart(earlier!.values, figure.values)) {
      const [was, is] = [median(earlier!.values), median(figure.values)];
      changed.push({ figure: nameOf(figure), before: was, after: is, unit: figure.unit });
    } else alike++;
  }
  return { changed, alike, left };
}

function whyNot(earlier: Figure | undefined, figure: Figure, isSameMachine: boolean): string | null {
  if (earlier === undefined) return 'not measured before';
  if (Math.min(earlier.values.length, figure.values.length) < ENOUGH_RUNS) {
    return `fewer than ${ENOUGH_RUNS} runs on a side`;
  }
  return !RATIOS.includes(figure.unit) && !isSameMachine ? 'in units, and measured on another machine' : null;
}

const isApart = (one: readonly number[], other: readonly number[]): boolean =>
  Math.min(...one) > Math.max(...other) || Math.min(...other) > Math.max(...one);

/** The comparison in words. */
export function comparisonText({ changed, alike, left }: Comparison, before: BenchRecord): string {
  const lines = changed.map(
    ({ figure, before: was, after: is, unit }) =>
      `  ${figure}: ${formatNumber(was)} -> ${formatNumber(is)} ${unit}`.trimEnd() + ` (${percent(was, is)})`,
  );
  const rest = [...left].map(([reason, count]) => `  ${count} not compared: ${reason}`);
  const head = `Against ${before.commit} of ${before.date.slice(0, 10)} (load ${before.load}): ${changed.length} changed beyond noise, ${alike} did not`;
  return [head, ...lines, ...rest].join('\n');
}

const percent = (was: number, is: number): string =>
  was === 0 ? 'from nothing' : `${is >= was ? '+' : ''}${Math.round((100 * (is - was)) / Math.abs(was))} %`;
