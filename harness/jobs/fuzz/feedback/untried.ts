import type { FuzzCase } from '../../../cases/case';
import { variedIn } from './varied';

/** A case as it was drawn, and of which seed and index, by which it is drawn again. */
export interface DrawnCase {
  readonly fuzzCase: FuzzCase;
  readonly seed: number;
  readonly index: number;
}

interface Candidate {
  readonly drawn: DrawnCase;
  readonly varied: ReadonlySet<string>;
}

/** So many wait for their turn; of more the oldest go. */
const WAITING = 64;

/** Drawn cases that wait for their turn: it is that of the one which varies most of what was answered least often. */
export class Untried {
  readonly #answered = new Map<string, number>();
  readonly #waiting: Candidate[] = [];

  /** A case was run: what it varies is not new any more. */
  answered(fuzzCase: FuzzCase): void {
    for (const word of variedIn(fuzzCase)) this.#answered.set(word, (this.#answered.get(word) ?? 0) + 1);
  }

  /** The one of these, and of those that wait, whose turn it is. @throws Error where there is none */
  best(cases: readonly DrawnCase[]): DrawnCase {
    for (const drawn of cases) this.#waiting.push({ drawn, varied: variedIn(drawn.fuzzCase) });
    if (this.#waiting.length > WAITING) this.#waiting.splice(0, this.#waiting.length - WAITING);
    let [best, most] = [-1, -1];
    for (const [at, { varied }] of this.#waiting.entries()) {
      const worth = this.#worthOf(varied);
      if (worth > most) [best, most] = [at, worth];
    }
    const [chosen] = this.#waiting.splice(best, 1);
    if (chosen === undefined) throw new Error('there is no case to choose from');
    return chosen.drawn;
  }

  #worthOf(varied: ReadonlySet<string>): number {
    let worth = 0;
    for (const word of varied) worth += 1 / (1 + (this.#answered.get(word) ?? 0));
    return worth;
  }
}
