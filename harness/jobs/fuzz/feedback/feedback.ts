import { ControlFailure } from '../../../target';
import type { FuzzCase } from '../../../cases/case';
import { AnswerTrace } from './answer-trace';
import type { FeedbackSource } from './feedback-source';
import type { EdgeHits } from './novelty';

/** Failures in a row of the control that tells what ran, behind which it is given up: while a host is restarted it may well fail. */
const MAX_FAILURES = 20;

/** Watches cases, and has the source learn what was new in them. */
export class Feedback {
  #failures = 0;

  /** @param coverage what the host ran since it was asked last; left out where the host does not say */
  constructor(
    private readonly source: FeedbackSource,
    private readonly coverage?: () => Promise<EdgeHits>,
  ) {}

  /** Runs a case. @throws ControlFailure where it is not told any more what runs */
  async observe<T>(fuzzCase: FuzzCase, run: (trace: AnswerTrace) => Promise<T>): Promise<T> {
    const trace = new AnswerTrace();
    const result = await run(trace);
    const edges = this.coverage === undefined ? null : await this.#edges(this.coverage);
    this.source.learn(fuzzCase, { words: trace.words, edges });
    return result;
  }

  async #edges(coverage: () => Promise<EdgeHits>): Promise<EdgeHits> {
    try {
      const edges = await coverage();
      this.#failures = 0;
      return edges;
    } catch (error) {
      if (!(error instanceof ControlFailure) || ++this.#failures > MAX_FAILURES) throw error;
      return [];
    }
  }
}
