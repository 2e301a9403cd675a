import { join } from 'node:path';
import { commandLine } from '../../../reports/results/command-line';
import type { Finding } from '../../../reports/results/model';
import { wordsOf } from '../../cases/words';
import { clauseOf, type FoundDifference } from './found';
import type { DiffPlan } from './plan';
import { differenceWords, titleOf } from './words';

export interface Telling {
  readonly plan: DiffPlan;
  readonly names: readonly [string, string];
  /** Which difference stands for which. */
  readonly causes: ReadonlyMap<string, string>;
  /** How many cases showed each. */
  readonly cases: ReadonlyMap<string, number>;
  /** Where those lie that are saved. */
  readonly saved: ReadonlyMap<string, string>;
}

/** Differences as reports have them: each that stands for others, followed by them. */
export function reportedAll(all: readonly FoundDifference[], telling: Telling): Finding[] {
  const { causes } = telling;
  return all
    .filter(({ id }) => !causes.has(id))
    .flatMap((head) => {
      const others = all.filter(({ id }) => causes.get(id) === head.id);
      const told = reported(head, telling);
      if (others.length === 0) return [told];
      const also = others.map(({ id }) => id);
      return [{ ...told, also }, ...others.map((one) => ({ ...reported(one, telling), cause: head.id }))];
    });
}

function reported(found: FoundDifference, { plan, names, cases, saved }: Telling): Finding {
  const { id, difference, requests, shrunkFrom, index } = found;
  const requirement = clauseOf(found);
  const clause = plan.clauses?.find((one) => one.id === requirement);
  const { shownOut } = plan;
  const place = saved.get(id);
  return {
    ...{ id, oracle: 'differs', title: titleOf(difference), state: 'new', requests, shrunkFrom },
    message: messageOf(found, names),
    ...(requirement === undefined ? {} : { requirement }),
    ...(clause === undefined ? {} : { source: clause.sources.join('; ') }),
    sent: wordsOf(found.cases),
    ...{ seed: plan.seed, path: String(index), expected: difference.a, received: difference.b },
    cases: Math.max(1, cases.get(id) ?? 1),
    ...(place === undefined ? {} : { folder: shownOut === undefined ? place : join(shownOut, id) }),
    repeat: repeatLine(plan, names, place),
  };
}

/** What differs, how far it goes, and which of the two is right: what people read of it. */
export const messageOf = (found: FoundDifference, names: readonly [string, string]): string =>
  [differenceWords(found.difference, names), ...howFar(found, names), clauseWords(found, names)].join('; ');

/** The command line that shows one difference again: by what is saved of it, or by the whole comparison. */
export function repeatLine(
  { seed, words }: DiffPlan,
  names: readonly [string, string],
  place: string | undefined,
): string {
  const { hosts, asked, all } = words ?? { hosts: names, asked: [], all: [] };
  const command = ['kmsspec', 'diff', ...hosts];
  return place === undefined
    ? commandLine([...command, ...all, '--seed', String(seed)])
    : commandLine([...command, '--replay', place, ...asked]);
}

/** To what counts it leads, where the smallest conversation does not show it. */
function howFar({ greatest, difference }: FoundDifference, [a, b]: readonly [string, string]): string[] {
  if (greatest === null) return [];
  const [ofA, ofB] = greatest.map(String);
  if (ofA === ofB || (ofA === difference.a && ofB === difference.b)) return [];
  return [`where more ask, up to ${a}: ${ofA}; ${b}: ${ofB}`];
}

/** Which of the two is right, where a clause settles it. */
function clauseWords(
  { broken, isOfApplications }: FoundDifference,
  [a, b]: readonly [string, string],
): string {
  if (isOfApplications) return 'no clause says what a host makes of applications that it does not know';
  if (broken === null) return 'no clause settles which is right';
  const { clause, message } = broken.violation;
  return `${clause} is against ${broken.by === 'A' ? a : b} (${message})`;
}
