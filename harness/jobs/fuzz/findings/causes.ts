import { groupOf } from '../../../cases/judge/violation';
import type { Finding } from './finding';

/** Groups that many faults fall into: there, what is varied tells whether it is the same one. */
const GENERAL = [
  'count: count',
  'alive: the host dies',
  'in-time: the host hangs',
  'in-time: no answer to a good request',
  'conforms: answer to a good request',
];

/**
 * Which finding stands for which: one fault shows in several ways, and the simplest of them is the one to read. Of one group, and of all that
 * comes of the same unusual thing, the finding with the fewest requests and the least that is unusual stands for the others. One that was not
 * seen again could not be shrunk: what its case varies says nothing of the fault, and it stands under the simplest of its group.
 * @returns the id of the finding that stands for it, by the id of each that does not stand for itself
 */
export function causesOf(findings: readonly Finding[]): ReadonlyMap<string, string> {
  const simplestFirst = [...findings].sort(
    (a, b) =>
      Number(b.reproduced) - Number(a.reproduced) ||
      a.requests - b.requests ||
      a.features.length - b.features.length ||
      (a.id < b.id ? -1 : 1),
  );
  const heads: Finding[] = [];
  const causes = new Map<string, string>();
  for (const finding of simplestFirst) {
    const head = heads.find((one) => standsFor(one, finding));
    if (head === undefined) heads.push(finding);
    else causes.set(finding.id, head.id);
  }
  return causes;
}

function standsFor(head: Finding, finding: Finding): boolean {
  const [group, other] = [groupOf(head), groupOf(finding)];
  if (group === other && !finding.reproduced) return true;
  const isWithin = head.features.every((feature) => finding.features.includes(feature));
  if (group === other) return isWithin || !GENERAL.includes(group);
  return isWithin && head.features.length > 0 && head.features.length === finding.features.length;
}
