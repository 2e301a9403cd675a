import { EXIT } from '../verb';

/** Of a process, what is needed to be interrupted. */
export interface Interruptible {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  off(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  exit(code: number): void;
  readonly stderr: { write(text: string): unknown };
}

const CODES = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/**
 * How long a verb may take to end and report once it was asked to: 1.8 s, in turns, so that it has longer where the machine is busy and
 * the verb does not get its turn.
 */
const TURN_MS = 100;
const TURNS = 18;

/**
 * What SIGINT and SIGTERM do. The first asks the verb to end and to report what it has; the second, or time, ends the process. While a
 * program computes it hears neither: a verb that only computes leaves them to the system, which ends it there and then.
 */
export class Interruption {
  readonly #aborter = new AbortController();
  readonly #listeners = SIGNALS.map((name) => [name, () => this.#onSignal(name)] as const);
  #code: number | null = null;

  /** @param everyTurn calls from now on in every turn of 100 ms, and keeps no program from ending */
  constructor(
    private readonly process: Interruptible,
    private readonly everyTurn = (turn: () => void): unknown => setInterval(turn, TURN_MS).unref(),
  ) {}

  /** Aborted by the first, whose name is its reason. */
  get signal(): AbortSignal {
    return this.#aborter.signal;
  }

  /** That of the signal which came first; null before. */
  get exitCode(): number | null {
    return this.#code;
  }

  listen(): void {
    for (const [name, listener] of this.#listeners) this.process.on(name, listener);
  }

  /** From here on a signal does what it does to any program. */
  leave(): void {
    for (const [name, listener] of this.#listeners) this.process.off(name, listener);
  }

  #onSignal(name: keyof typeof CODES): void {
    const code = CODES[name];
    if (this.#code !== null) return this.process.exit(code);
    this.#code = code;
    this.#aborter.abort(name);
    let turns = 0;
    const overdue = (): void => {
      if (++turns < TURNS) return;
      const seconds = (TURNS * TURN_MS) / 1000;
      this.process.stderr.write(`kmsspec: interrupted; what was under way did not end within ${seconds} s\n`);
      this.process.exit(code);
    };
    this.everyTurn(overdue);
  }
}
