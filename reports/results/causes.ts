import { failureClass } from './failure-class';
import type { Result } from './result';

/** Failures that a reader takes for one: the first in full, and those that fail alike. */
export interface Cause {
  readonly first: Result;
  readonly others: readonly Result[];
}

/** Failures in the order that they are given, those of one cause in one place: that of the first of them. */
export function causesOf(failures: readonly Result[]): Cause[] {
  const groups = new Map<string, Result[]>();
  for (const failure of failures) {
    const key = causeOf(failure) ?? failure.id;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [failure]);
    else group.push(failure);
  }
  return [...groups.values()].map(([first, ...others]) => ({ first: first!, others }));
}

/**
 * What failures of one cause share: they came at the same point to the same end, whatever was asked. A host that died did so of what each
 * of them sent, and what fails in one run and holds in the next stands for itself.
 */
function causeOf(failure: Result): string | undefined {
  const { outcome, message, flaky } = failure;
  if (outcome !== 'failed' || message === undefined || flaky === true) return undefined;
  if (message.includes('the host died')) return undefined;
  return failureClass(failure);
}

/** Ids that a text names of those that fail alike. */
const NAMED = 40;

/** `CNT-01, CNT-02`, the first of many. */
export function othersInWords({ others }: Cause): string {
  const ids = others.slice(0, NAMED).map(({ id }) => id);
  return [...ids, ...(others.length > NAMED ? [`… ${others.length} in all`] : [])].join(', ');
}

/** `25 requirements fail alike: the host closed the connection, while binding`; undefined where a failure stands alone. */
export function causeInWords({ first, others }: Cause): string | undefined {
  if (others.length === 0) return undefined;
  const { expected, received } = first;
  const told = received !== undefined && first.message?.includes(`the host ${received}`) === true;
  const what = told
    ? `the host ${received}`
    : received === undefined
      ? failureClass(first)
      : `expected ${expected ?? 'another'}, received ${received}`;
  return `${others.length + 1} requirements fail alike: ${what}`;
}
