import { createHash } from 'node:crypto';
import { caseToJson, type FuzzCase } from '../../cases/case';
import type { ClauseId } from '../../cases/judge/clauses';
import type { Violation } from '../../cases/judge/violation';
import type { Difference } from './observation';

/** A difference that shows every time, and the smallest conversation that shows it. */
export interface FoundDifference {
  /** Stable: the same difference shrunk to the same shape has the same id in every run. */
  readonly id: string;
  readonly difference: Difference;
  readonly cases: readonly FuzzCase[];
  /** What the conversation varies, by which further cases of the same difference are known. */
  readonly features: readonly string[];
  readonly requests: number;
  readonly shrunkFrom: number;
  /** The greatest counts of either in the conversation before it was shrunk, where the count differs: how far it goes. */
  readonly greatest: readonly [number, number] | null;
  /** The case of the seed that showed it first; negative for one that is asked whatever the seed. */
  readonly index: number;
  /** It shows in what the hosts make of applications that nobody knows: each was asked as it takes them, and not as both do. */
  readonly isOfApplications: boolean;
  /** What a clause says against one of the two alone, where one does. */
  readonly broken: { readonly by: 'A' | 'B'; readonly violation: Violation } | null;
}

/** The clause, where one settles which of the two is right. */
export const clauseOf = ({ broken }: FoundDifference): ClauseId | undefined => broken?.violation.clause;

/** An id from what differs, not from the numbers of this run. */
export function idOf({ signature }: Difference, features: readonly string[]): string {
  const about = [signature, ...features].join('\n');
  return `differs-${createHash('sha256').update(about).digest('hex').slice(0, 8)}`;
}

/** Differences of one signature that are kept apart; after that, one stands for the rest. */
const MOST_OF_A_SIGNATURE = 6;

/** All that was found so far, and how many conversations showed each. */
export class FoundBook {
  readonly #found = new Map<string, { readonly found: FoundDifference; cases: number }>();

  get all(): readonly { readonly found: FoundDifference; readonly cases: number }[] {
    return [...this.#found.values()];
  }

  /** What most likely shows again in a conversation: of the same signature, and with nothing that the conversation lacks. */
  known({ signature }: Difference, features: ReadonlySet<string>): FoundDifference | null {
    const same = this.all
      .map(({ found }) => found)
      .filter((found) => found.difference.signature === signature);
    const explains = same.find((found) => found.features.every((feature) => features.has(feature)));
    return explains ?? (same.length >= MOST_OF_A_SIGNATURE ? same[0]! : null);
  }

  add(found: FoundDifference): void {
    const before = this.#found.get(found.id);
    if (before === undefined) this.#found.set(found.id, { found, cases: 1 });
    else before.cases++;
  }
}

/**
 * Which stands for which: what differs in the same smallest conversation is told once, by the first that was found.
 * @returns the id of the one that stands for it, by the id of each that does not stand for itself
 */
export function causesOf(all: readonly FoundDifference[]): ReadonlyMap<string, string> {
  const heads = new Map<string, string>();
  const causes = new Map<string, string>();
  for (const { id, cases } of all) {
    const shape = shapeOf(cases);
    const head = heads.get(shape);
    if (head === undefined) heads.set(shape, id);
    else causes.set(id, head);
  }
  return causes;
}

/** What is sent in it, whoever sends it: by it the same conversations are known. */
export const shapeOf = (cases: readonly FuzzCase[]): string =>
  JSON.stringify(cases.map(({ steps }) => caseToJson({ ...EMPTY, steps })));

const EMPTY: FuzzCase = { level: 'sequence', applications: ['', ''], machines: [], canary: 0, steps: [] };
