/** One part of `npm run bench`. A file `bench/NAME.ts` that exports one as `section` is found by bench/main.ts. */
export interface BenchSection {
  /** Given as an argument, it selects this section. */
  readonly name: string;
  readonly title: string;
  /** Takes minutes: it runs only where it is named. */
  readonly onlyByName?: boolean;
  /** @throws where what is measured does not do what it should: a number of something wrong is worth nothing */
  run(report: BenchReport): Promise<void>;
}

export interface BenchReport {
  /** A measured number beside its goal. */
  measured(what: string, value: number, unit: string, goal?: Goal): void;
  note(text: string): void;
}

export interface Goal {
  readonly atLeast?: number | undefined;
  readonly atMost?: number | undefined;
}

export const isReached = (value: number, { atLeast = -Infinity, atMost = Infinity }: Goal): boolean =>
  value >= atLeast && value <= atMost;

/** A goal beside what was measured; nothing where there is none. */
export function judge(value: number, goal: Goal | undefined): string {
  if (goal === undefined) return '';
  const { atLeast, atMost = Infinity } = goal;
  const wanted =
    atLeast === undefined ? `at most ${formatNumber(atMost)}` : `at least ${formatNumber(atLeast)}`;
  return ` ${isReached(value, goal) ? 'reached' : 'MISSED '} (goal: ${wanted})`;
}

/** Prints a line for each number as it is measured: a section that is run alone, `ts-node bench/NAME.ts`. */
export class ConsoleReport implements BenchReport {
  constructor(private readonly write: (text: string) => void) {}

  measured(what: string, value: number, unit: string, goal?: Goal): void {
    const number = formatNumber(value).padStart(10);
    this.write(`  ${what.padEnd(66)} ${number} ${unit.padEnd(10)}${judge(value, goal)}\n`);
  }

  note(text: string): void {
    this.write(`  ${text}\n`);
  }
}

export function formatNumber(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(3);
}
