import type { Exchange } from '../../../protocol';
import type { HostFailure } from '../../client';
import type { Comparison } from './compare';
import type { Expected } from './expectation';
import type { ReplayBounds } from './replay-bounds';

/** One recorded exchange, what the target made of it, and what the model says. */
export interface ReplayRow {
  readonly recorded: Exchange;
  readonly answered: Exchange | null;
  readonly failure: HostFailure | null;
  readonly comparison: Comparison;
  readonly expected: Expected;
  /** What a conforming host may count here; null where no count came. */
  readonly bounds: ReplayBounds | null;
  /** What asked, such as `server 1` or `client 4 again`. */
  readonly sent: string;
}

/** The count of a granted answer; null where there is none. */
export function countOf(exchange: Exchange | null): number | null {
  const answer = exchange?.answer;
  return answer?.kind === 'response' ? answer.value.currentClientCount : null;
}
