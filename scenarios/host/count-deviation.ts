import { numbersInWords } from '../../harness/jobs/suite/wording/values';
import type { HistoryFailure } from '../../harness/model/history/history-checker';
import type { GrantedRequest } from '../../harness/model/possible-states';
import { Deviation } from './deviation';

/** A request that was granted while others were under way, and whose it is. */
export interface Together extends GrantedRequest {
  readonly name: string;
}

/**
 * Requests at the same time have no order that gives their counts.
 * @param unordered the one with which there is none any more, where it is known
 */
export function withoutOrder(grants: readonly Together[], unordered: HistoryFailure | null): Deviation {
  const counts = numbersInWords(grants.map(({ count }) => count).sort((a, b) => a - b));
  const together = `${grants.length} requests at the same time`;
  const whose = grants.find(({ request }) => request.clientMachineId === unordered?.request.clientMachineId);
  if (unordered === null || whose === undefined || unordered.possible.length === 0) {
    const subject = `the counts of ${together}`;
    return new Deviation({ subject, expected: 'counts that some order of them gives', received: counts });
  }
  return new Deviation({
    subject: `the count of ${whose.name}, one of ${together}`,
    expected: `${countsInWords(unordered.possible)}, as some order of them gives`,
    received: `${unordered.request.count} among ${counts}`,
  });
}

/** `2`, `2 or 4`, `19 to 22`. */
export function countsInWords(counts: Iterable<number>): string {
  const ascending = [...counts].sort((a, b) => a - b);
  const [first, last] = [ascending[0] ?? 0, ascending.at(-1) ?? 0];
  const isRange = ascending.length > 2 && last - first === ascending.length - 1;
  return isRange ? `${first} to ${last}` : ascending.join(' or ');
}
