import { describeAnswer } from '../../../protocol/describe-answer';
import { explainDifference } from '../../model/explain-difference';
import type { Asked } from './host-ledger';
import type { FleetMachine } from './machine';

/** What is wrong with an answer to a machine of a fleet, and what the host seems to have done. */
export function describeDifference(
  { name, group }: FleetMachine,
  { answer, answered, expectation, problem }: Asked,
): string {
  return expectation === null
    ? `${name} received ${describeAnswer(answer)}, ${problem}`
    : explainDifference(name, group.product.requiredClientCount, answered, expectation);
}
