import { createHash } from 'node:crypto';
import { caseToJson, type FuzzCase } from '../../../cases/case';
import { shownBy } from '../../../cases/features';
import { isOneConnection, joined } from '../../../cases/joined';
import type { ClauseId } from '../../../cases/judge/clauses';
import type { Oracle, Violation } from '../../../cases/judge/violation';
import { groupOf } from '../../../cases/judge/violation';

/** Something that a host did wrong, and the smallest sequence that shows it. */
export interface Finding {
  /** Stable: the same fault shrunk to the same shape has the same id in every campaign. */
  readonly id: string;
  readonly oracle: Oracle;
  /** The requirement that it breaks. */
  readonly clause: ClauseId;
  readonly differs: string;
  readonly message: string;
  readonly expected: string;
  readonly received: string;
  /** False where it was seen once and never again. */
  readonly reproduced: boolean;
  /** Run one after the other, on connections of their own. */
  readonly cases: readonly FuzzCase[];
  /** What the sequence varies, by which further cases of the same fault are known. */
  readonly features: readonly string[];
  readonly seed: number;
  /** The case of the seed that showed it first. */
  readonly index: number;
  readonly requests: number;
  readonly shrunkFrom: number;
}

/** An id from what the finding is about, not from the numbers of this run. */
export function idOf(violation: Violation, features: Iterable<string>): string {
  const about = [groupOf(violation), ...[...features].sort()].join('\n');
  return `${violation.oracle}-${createHash('sha256').update(about).digest('hex').slice(0, 8)}`;
}

/** What ran before a case that showed something. */
export interface Before {
  /** Lately, in their order. */
  readonly recent: readonly FuzzCase[];
  /** Over the same connection, the case itself at the end; none where it had one of its own. */
  readonly chain?: readonly FuzzCase[];
}

const isShared = ([first]: readonly FuzzCase[]): boolean => first !== undefined && isOneConnection(first);

/** Findings of one oracle and difference that are kept apart; after that, one stands for the rest. */
const MAX_IN_GROUP = 8;

/** All that was found so far, and how often. */
export class FindingBook {
  readonly #findings = new Map<string, { readonly finding: Finding; cases: number }>();

  get all(): readonly { readonly finding: Finding; readonly cases: number }[] {
    return [...this.#findings.values()];
  }

  /**
   * The finding that a case most likely shows again: of the same group, and with nothing that the case lacks.
   * @param suspects cases any of which may have shown it
   * @param before what ran lately: a finding that took several cases is looked for in all of it, one that took requests on one connection in what went
   * over that
   */
  known(violation: Violation, suspects: readonly FuzzCase[], { recent, chain = [] }: Before): Finding | null {
    const group = this.all
      .map(({ finding }) => finding)
      .filter((finding) => groupOf(finding) === groupOf(violation));
    const alone = suspects.map((suspect) => shownBy([suspect]));
    const together = group.some(({ cases }) => cases.length > 1) ? [shownBy(recent)] : [];
    const isChained = chain.length > 1 && group.some(({ cases }) => isShared(cases));
    const onConnection = isChained ? [shownBy([joined(chain)])] : [];
    const whereOf = ({ cases }: Finding): readonly ReadonlySet<string>[] => {
      if (cases.length > 1) return together;
      return isShared(cases) ? [...alone, ...onConnection] : alone;
    };
    const explains = (finding: Finding): boolean =>
      whereOf(finding).some((there) => finding.features.every((feature) => there.has(feature)));
    const same = group.find((finding) => finding.reproduced && explains(finding));
    return same ?? (group.length >= MAX_IN_GROUP ? group[0]! : null);
  }

  /** @returns whether it is new */
  add(finding: Finding, cases = 1): boolean {
    const before = this.#findings.get(finding.id);
    if (before !== undefined) before.cases += cases;
    else this.#findings.set(finding.id, { finding, cases });
    return before === undefined;
  }
}

/** A finding as JSON: bytes and bigints of its cases are marked. */
export function findingToJson(finding: Finding): Record<string, unknown> {
  return { ...finding, cases: finding.cases.map(caseToJson) };
}
