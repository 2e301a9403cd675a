import { median } from '../../harness/support/median';

export { median };

import { type BenchReport, type Goal, isReached } from '../section';

/** One number that a section measured, each time it ran. */
export interface Figure {
  readonly section: string;
  /** What was measured; a line that stands indented under another carries that one's name before a colon. */
  readonly what: string;
  /** Empty, `times` or `%` for a ratio of two things measured in the same run, which holds on another machine too. */
  readonly unit: string;
  readonly values: readonly number[];
  readonly goal?: Goal | undefined;
}

/** Half of the distance between the least and the most, as a share of the median. */
export const spread = (values: readonly number[]): number => {
  const half = (Math.max(...values) - Math.min(...values)) / 2;
  return half === 0 ? 0 : half / Math.abs(median(values));
};

/** Gathers what sections measure over several runs of each. */
export class Figures {
  readonly #byKey = new Map<string, Figure & { readonly values: number[] }>();
  readonly #notes = new Set<string>();

  /** What one run of a section reports to. */
  reportOf(section: string, note: (text: string) => void): BenchReport {
    let above = '';
    return {
      measured: (what, value, unit, goal) => {
        const name = /^\s/.test(what) ? `${above}: ${what.trim()}` : what;
        if (!/^\s/.test(what)) above = what;
        this.#add(section, name, value, unit, goal);
      },
      note: (text) => {
        const key = `${section}\0${text.replace(/[\d.,]+/g, '#')}`;
        if (this.#notes.has(key)) return;
        this.#notes.add(key);
        note(text.trim());
      },
    };
  }

  get all(): readonly Figure[] {
    return [...this.#byKey.values()];
  }

  of(section: string): readonly Figure[] {
    return this.all.filter((figure) => figure.section === section);
  }

  /** Goals that the median of a figure does not reach. */
  get missed(): number {
    return this.all.filter(({ values, goal }) => goal !== undefined && !isReached(median(values), goal))
      .length;
  }

  #add(section: string, what: string, value: number, unit: string, goal: Goal | undefined): void {
    const key = `${section}\0${what}`;
    const figure = this.#byKey.get(key);
    if (figure === undefined) this.#byKey.set(key, { section, what, unit, values: [value], goal });
    else figure.values.push(value);
  }
}
