import { requestsOf } from '../../../cases/case';
import { clauseOf } from './clause-of';
import { featuresOf } from '../../../cases/features';
import { type Finding, idOf } from './finding';
import { isOfLife, type Reproducer } from './reproduce';

/** Whether a finding is a death or a hang that several cases may have caused, none of which is known to do it alone. */
export const isToBeNarrowed = (
  finding: Pick<Finding, 'oracle' | 'differs' | 'reproduced' | 'cases'>,
): boolean => isOfLife(finding) && !finding.reproduced && finding.cases.length > 1;

/**
 * Asks the cases that were under way when a host died, one by one, with a look at the host behind each.
 * @param tell hears which is asked
 * @returns the finding with the one case that the host dies of alone; null where it dies of none
 * @throws TargetDied where the host is gone before, and does not come back
 */
export async function narrowDeath(
  finding: Finding,
  reproducer: Reproducer,
  tell: (text: string) => void,
): Promise<Finding | null> {
  const { cases } = finding;
  for (const [at, one] of cases.entries()) {
    tell(`case ${at + 1} of ${cases.length} is asked alone`);
    const violations = await reproducer.violationsOf([one], { looksAtLife: true });
    const death = violations.find(isOfLife);
    if (death === undefined) continue;
    const features = [...featuresOf([one])].sort();
    const clause = clauseOf(death, [one]);
    const narrowed = {
      ...death,
      clause,
      cases: [one],
      features,
      reproduced: true,
      requests: requestsOf([one]),
    };
    return { ...finding, ...narrowed, id: idOf(death, features) };
  }
  return null;
}
