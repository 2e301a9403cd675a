import type { HostSettings } from '../host-settings';
import type { Hooks } from '../hooks/hooks';
import { APPLICATION_HABITS } from './applications';
import { CALL_HABITS } from './calls';
import type { Habit as HabitOf } from './habit';
import { PACE_HABITS } from './pace';
import { REQUEST_HABITS } from './requests';

const ALL = [...APPLICATION_HABITS, ...REQUEST_HABITS, ...CALL_HABITS, ...PACE_HABITS] as const;

/** The name of a habit, in kebab case. */
export type HabitName = (typeof ALL)[number]['name'];
/** A way in which a good host may differ from the lab host. */
export type Habit = HabitOf<HabitName>;

/** Every habit that a lab host can have. */
export const HABITS: readonly Habit[] = ALL;

/** How a host with these habits behaves, in the order of `HABITS`. */
export function withHabits(names: readonly HabitName[], right: Hooks, settings: HostSettings): Hooks {
  const host = { settings, die: notFromHabits, hang: notFromHabits };
  return HABITS.filter(({ name }) => names.includes(name)).reduce<Hooks>(
    (hooks, { override }) => ({ ...hooks, ...override(hooks, host) }),
    right,
  );
}

function notFromHabits(): never {
  throw new Error('a habit breaks nothing');
}
