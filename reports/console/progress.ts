import { escapeTerminal } from '../escape/terminal';
import { OUTCOME_SIGN } from '../wording';
import type { Outcome } from '../levels';

/** Where progress is written, and what time it is: handed in, so that tests own both. */
export interface ProgressOutput {
  readonly write: (text: string) => void;
  /** False makes progress silent: logs hold results, not their coming. */
  readonly isTerminal: boolean;
  /** Columns of the terminal. */
  readonly columns: () => number;
  /** Milliseconds from any origin. */
  readonly now: () => number;
}

export interface Step {
  readonly suite: string;
  readonly id: string;
}

/** Terminals are not written to more often than this, in milliseconds. */
const INTERVAL = 50;

/**
 * One line at the foot of a terminal: how far, which suite and requirement, how long; what failed goes above it at
 * once. Writes nothing where the output is no terminal. Owns no timer: it writes when it is told something.
 */
export class Progress {
  readonly #output: ProgressOutput;
  #total = 0;
  #done = 0;
  #failed = 0;
  #startedAt = 0;
  #writtenAt = Number.NEGATIVE_INFINITY;
  #shown = false;

  constructor(output: ProgressOutput) {
    this.#output = output;
  }

  start(total: number): void {
    this.#total = total;
    this.#startedAt = this.#output.now();
  }

  /** A scenario begins. */
  begin(step: Step): void {
    if (!this.#output.isTerminal) return;
    const now = this.#output.now();
    if (now - this.#writtenAt < INTERVAL) return;
    this.#writtenAt = now;
    this.#show(this.#line(step, now));
  }

  /** A scenario came to an outcome. */
  end(step: Step, outcome: Outcome): void {
    this.#done += 1;
    if (outcome !== 'failed' && outcome !== 'unexpected-pass') return;
    this.#failed += 1;
    if (!this.#output.isTerminal) return;
    this.clear();
    this.#output.write(`${OUTCOME_SIGN[outcome]} ${escapeTerminal(step.id)} ${outcome}\n`);
  }

  /** Takes the line away; to be called before anything else is written, and in the end. */
  clear(): void {
    if (!this.#shown) return;
    this.#output.write('\r\u001b[2K');
    this.#shown = false;
  }

  #line(step: Step, now: number): string {
    const seconds = Math.floor((now - this.#startedAt) / 1000);
    const failed = this.#failed === 0 ? '' : `  ✗ ${this.#failed}`;
    return `${this.#done}/${this.#total}  ${seconds} s${failed}  ${escapeTerminal(step.suite)}  ${escapeTerminal(step.id)}`;
  }

  #show(line: string): void {
    const room = Math.max(1, this.#output.columns() - 1);
    this.#output.write(`\r\u001b[2K${[...line].slice(0, room).join('')}`);
    this.#shown = true;
  }
}
