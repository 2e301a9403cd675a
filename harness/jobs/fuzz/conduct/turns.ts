import type { FuzzCase, Step } from '../../../cases/case';
import { REQUEST_SIZE } from '../../../../protocol';

/** Lets one after the other do what must not overlap. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs it when all before are through, whatever has become of them. */
  take<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(run, run);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

/** Whether a host that conforms may count something of a case: on a host with one table such cases take turns. */
export const mayBeCounted = ({ steps }: FuzzCase): boolean => steps.some(isCounted);

function isCounted(step: Step): boolean {
  switch (step.kind) {
    case 'ask':
      return step.messageSize === null || step.messageSize >= REQUEST_SIZE;
    case 'raw':
      return step.bytes.length >= REQUEST_SIZE;
    case 'close':
      return step.after !== null && step.after >= REQUEST_SIZE;
    case 'pieces':
    case 'burst':
    case 'walk':
      return true;
    case 'bind':
    case 'advance':
    case 'restart':
      return false;
  }
}
