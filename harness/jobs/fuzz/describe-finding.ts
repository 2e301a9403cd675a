import { join } from 'node:path';
import type { Finding as ReportedFinding } from '../../../reports/results/model';
import type { Clause } from '../../cases/judge/clauses';
import { wordsOf } from '../../cases/words';
import type { Finding } from './findings/finding';

/** What a report says of a finding, whatever came of it in this run. */
export function describeFinding(
  { id, oracle, clause, differs, cases, seed, index, requests, shrunkFrom, expected }: Finding,
  out: string,
  clauses: readonly Clause[],
): Omit<ReportedFinding, 'state' | 'repeat' | 'message' | 'received'> {
  const folder = join(out, id);
  const broken = clauses.find((one) => one.id === clause);
  return {
    ...{ id, oracle, title: differs, requirement: clause },
    ...(broken === undefined ? {} : { level: broken.level, source: broken.sources.join('; ') }),
    sent: wordsOf(cases),
    ...{ seed, path: String(index), requests, shrunkFrom, folder, expected },
  };
}
