import type { Random } from '../random';
import type { Scenario } from './registry';

/** In what order the scenarios of a run go. */
export interface Plan {
  /** Run beside one another. */
  readonly sideBySide: readonly Scenario[];
  /** Run one after the other, each in a state of its own. */
  readonly inTurn: readonly Scenario[];
  /** What needs no common state goes first, save on a host that cannot be emptied: there the places are kept for the rest. */
  readonly first: 'sideBySide' | 'inTurn';
}

/**
 * @param canEmpty the host can be reset before each scenario, so that their order does not matter
 * @param shuffle draws another order among those whose order does not matter
 */
export function planRun(scenarios: readonly Scenario[], canEmpty: boolean, shuffle: Random | null): Plan {
  const drawn = shuffle === null ? scenarios : shuffle.shuffle(scenarios);
  const sideBySide = drawn.filter(({ needs }) => needs.sideBySide === true);
  const inTurn = drawn.filter(({ needs }) => needs.sideBySide !== true);
  if (canEmpty) return { sideBySide, inTurn, first: 'sideBySide' };
  return { sideBySide, inTurn: [...inTurn].sort((a, b) => urgency(a) - urgency(b)), first: 'inTurn' };
}

/** On a host that fills up for good: first what needs places, what takes least of them before the rest. */
function urgency({ needs }: Scenario): number {
  return needs.countAtMost === undefined ? 1000 + (needs.adds ?? 0) : (needs.adds ?? 0);
}
