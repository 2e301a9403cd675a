import { REQUEST_SIZE } from '../../../protocol';
import type { FuzzCase, Step } from '../case';

/** Whether a host that conforms may count something of a case: on a host with one table such cases take turns. */
export const mayBeCounted = ({ steps }: FuzzCase): boolean => steps.some(mayStepBeCounted);

export function mayStepBeCounted(step: Step): boolean {
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
