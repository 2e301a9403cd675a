import type { Verdict } from '../../../reports/results/job-outcome';
import type { HistoryChecker } from '../../model/history/history-checker';
import { historyMessage } from '../../model/history/history-words';

/** The verdict on overlapping requests, as a result of a report. */
export function historyVerdict(checker: HistoryChecker, title: string): Verdict {
  const verdict = { id: 'ORDER', level: 'MUST' as const, title, source: 'understanding-kms 2.2 (as CNT-17)' };
  const message = historyMessage(checker);
  if (checker.failures.length > 0) return { ...verdict, outcome: 'failed', message };
  if (checker.judged === 0) return { ...verdict, outcome: 'not-run', reason: message };
  return { ...verdict, outcome: 'passed' };
}
