import { wordsOf } from '../../cases/words';
import type { RetryOutcome } from '../../jobs/fuzz/retry-job';

const STATE_WORDS: Readonly<Record<RetryOutcome['replayed']['state'], string>> = {
  fixed: 'fixed',
  'still-failing': 'still failing',
  flaky: 'flaky',
};

/** What the terminal is told of a saved finding that was tried again. */
export function retryLines({ saved: { finding }, replayed }: RetryOutcome): string[] {
  const { state, failures, attempts, violation, others, narrowed } = replayed;
  if (narrowed !== null)
    return [
      `${finding.id}: the host dies of this case alone, which is saved`,
      ...wordsOf(finding.cases).map((step) => `  sent: ${step}`),
      `  ${finding.message}`,
    ];
  return [
    `${finding.id}: ${STATE_WORDS[state]} (seen in ${failures} of ${attempts} tries)`,
    `  ${(violation ?? finding).message}`,
    ...others.map(({ message }) => `  beside it: ${message}`),
  ];
}
