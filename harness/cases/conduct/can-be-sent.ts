import { ProtocolError } from '../../../protocol';
import type { BoundContext, FuzzCase, Step } from '../case';
import { renderAsk, renderBind, renderPieces } from './render';

const CONTEXT: BoundContext = { contextId: 0, syntax: 'ndr32' };
const NOTHING = { requestTime: 0n, mac: undefined };

/**
 * Whether the steps of cases that come from a file can be put into bytes: a value that does not fit its field is told before anything is sent.
 * @returns what is wrong, with the place of the step; null where nothing is
 */
export function whatCannotBeSent(cases: readonly FuzzCase[]): string | null {
  for (const [i, one] of cases.entries()) {
    for (const [at, step] of one.steps.entries()) {
      try {
        render(one, step);
      } catch (error) {
        // Encoders take what their types allow; of anything else, each complains in its own way.
        const problem = error instanceof ProtocolError ? error.message : 'a value that its field cannot hold';
        return `cases[${i}].steps[${at}]: ${problem}`;
      }
    }
  }
  return null;
}

function render(one: FuzzCase, step: Step): void {
  if (step.kind === 'ask') renderAsk(one, step, CONTEXT, NOTHING);
  else if (step.kind === 'pieces') renderPieces(one, step, CONTEXT, NOTHING);
  else if (step.kind === 'bind') renderBind(step, false);
}
