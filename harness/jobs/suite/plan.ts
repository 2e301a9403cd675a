import type { Random } from '../../support/random';
import { PLACES } from './needs';
import type { Scenario } from './scenario';

/** In what order the scenarios of a run go. */
export interface Plan {
  /** Run beside one another. */
  readonly parallel: readonly Scenario[];
  /** Run one after the other, each in a state of its own. */
  readonly serial: readonly Scenario[];
  /** What needs no common state goes first, save on a host that cannot be emptied: there the places are kept for the rest. */
  readonly first: 'parallel' | 'serial';
  /** What looks at the whole run, behind all else. */
  readonly last: readonly Scenario[];
}

/** What a run can do with its host: empty it before each scenario, take a new one on its one journey, or neither. */
export type Ground = 'emptied' | 'journey' | 'as-found';

/** @param shuffle draws another order among those whose order does not matter */
export function planRun(scenarios: readonly Scenario[], ground: Ground, shuffle: Random | null): Plan {
  const all = shuffle === null ? scenarios : shuffle.shuffle(scenarios);
  const [last, drawn] = [all.filter(isLast), all.filter((scenario) => !isLast(scenario))];
  const parallel = drawn.filter(({ needs }) => needs.parallel === true);
  const serial = drawn.filter(({ needs }) => needs.parallel !== true);
  if (ground === 'emptied') return { parallel, serial, first: 'parallel', last };
  const rank = ground === 'journey' ? placeOf : urgency;
  const sorted = [...serial].sort((a, b) => rank(a) - rank(b) || urgency(a) - urgency(b));
  return { parallel, serial: sorted, first: 'serial', last };
}

const isLast = ({ needs }: Scenario): boolean => needs.last === true;

const placeOf = ({ needs }: Scenario): number =>
  needs.place === undefined ? PLACES.length : PLACES.indexOf(needs.place);

/** On a host that fills up for good: first what needs places, what takes least of them before the rest. */
function urgency({ needs }: Scenario): number {
  return needs.countAtMost === undefined ? 1000 + (needs.adds ?? 0) : (needs.adds ?? 0);
}
