import type { FuzzCase, Step } from '../../../cases/case';
import type { ClauseId } from '../../../cases/judge/clauses';
import type { Violation } from '../../../cases/judge/violation';

/**
 * The requirement that a finding breaks. A host that dies or hangs has failed to survive what it was sent: which clause that is, the
 * shrunk cases say. A request that clients may send must be answered in time, whatever has gone before.
 */
export function clauseOf({ oracle, differs, clause }: Violation, cases: readonly FuzzCase[]): ClauseId {
  if (oracle !== 'alive' && differs !== 'the host hangs') return clause;
  const survived = cases.flatMap(({ steps }) => steps).map(survival);
  return survived.find((one) => one !== null) ?? 'TIME-01';
}

/** Which clause of ROB is about what a step sends; null for what a client may send. */
function survival(step: Step): ClauseId | null {
  switch (step.kind) {
    case 'raw':
      return 'ROB-01';
    case 'pieces':
      return 'ROB-04';
    case 'bind':
      return step.body.length > 0 ? 'ROB-05' : null;
    case 'close':
      return 'ROB-12';
    case 'burst':
    case 'walk':
    case 'advance':
    case 'restart':
      return null;
    case 'ask': {
      if (step.header.length > 0) return 'ROB-03';
      if (step.fragmentSize !== null && step.fragmentSize % 8 !== 0) return 'ROB-04';
      if (step.stub.length > 0) return 'ROB-06';
      if (step.messageSize !== null) return 'ROB-07';
      return step.message.map(({ field }) => SURVIVED_FIELDS[field]).find(Boolean) ?? null;
    }
  }
}

const SURVIVED_FIELDS: Readonly<Partial<Record<string, ClauseId>>> = {
  majorVersion: 'ROB-08',
  minorVersion: 'ROB-08',
  workstationName: 'ROB-09',
  requiredClientCount: 'ROB-10',
  requestTime: 'ROB-11',
};
