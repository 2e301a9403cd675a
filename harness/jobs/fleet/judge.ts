import { HOUR_MS } from '../../model/client-state';
import type { FleetResult, MachineSummary } from './result';

/** How the machines of a fleet were activated, against what the threshold lets them. Hours are virtual. */
export interface ActivationVerdict {
  /** When the N-th machine of the host asked for the first time, null where so many never did. */
  readonly thresholdHour: number | null;
  /** Activated before that. */
  readonly early: readonly MachineSummary[];
  /** Activated later than `withinHours` after the later of that and their own first request, or never. */
  readonly late: readonly MachineSummary[];
  readonly never: readonly MachineSummary[];
}

/** Time of an answer over TCP, which is not exactly when the client planned to ask. */
const TOLERANCE_HOURS = 60_000 / HOUR_MS;

/**
 * Judges when the machines of one threshold were activated (LIFE-01, LIFE-04): all count towards it, whatever their kind. For one host,
 * physical machines or a profile that counts virtual ones, and different CMIDs.
 * @param requiredClientCount N_Policy of the machines to judge
 * @param withinHours the retry interval of a client that was not activated
 */
export function judgeActivation(
  { machines }: FleetResult,
  requiredClientCount: number,
  withinHours = 2,
): ActivationVerdict {
  const asked = machines
    .flatMap(({ firstAskedHour }) => (firstAskedHour === null ? [] : [firstAskedHour]))
    .sort((a, b) => a - b);
  const thresholdHour = asked[requiredClientCount - 1] ?? null;
  const judged = machines.filter((machine) => machine.requiredClientCount === requiredClientCount);
  const askers = judged.filter(({ firstAskedHour }) => firstAskedHour !== null);
  const never = askers.filter(({ activatedHour }) => activatedHour === null);
  if (thresholdHour === null) {
    return {
      thresholdHour,
      early: askers.filter(({ activatedHour }) => activatedHour !== null),
      late: [],
      never,
    };
  }
  const dueHour = ({ firstAskedHour }: MachineSummary): number =>
    Math.max(thresholdHour, firstAskedHour!) + withinHours + TOLERANCE_HOURS;
  return {
    thresholdHour,
    early: askers.filter(({ activatedHour }) => activatedHour !== null && activatedHour < thresholdHour),
    late: askers.filter((machine) => (machine.activatedHour ?? Infinity) > dueHour(machine)),
    never,
  };
}
