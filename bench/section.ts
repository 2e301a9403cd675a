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
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** Prints a line for each number, and remembers whether a goal was missed. */
export class ConsoleReport implements BenchReport {
  missed = 0;

  constructor(private readonly write: (text: string) => void) {}

  measured(what: string, value: number, unit: string, goal?: Goal): void {
    this.write(
      `  ${what.padEnd(66)} ${format(value).padStart(10)} ${unit.padEnd(10)}${this.#judge(value, goal)}\n`,
    );
  }

  note(text: string): void {
    this.write(`  ${text}\n`);
  }

  #judge(value: number, goal: Goal | undefined): string {
    if (goal === undefined) return '';
    const { atLeast = -Infinity, atMost = Infinity } = goal;
    const reached = value >= atLeast && value <= atMost;
    if (!reached) this.missed++;
    const wanted = goal.atLeast === undefined ? `at most ${format(atMost)}` : `at least ${format(atLeast)}`;
    return ` ${reached ? 'reached' : 'MISSED '} (goal: ${wanted})`;
  }
}

function format(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(3);
}
