/** What one table of a host was asked or told, as the search for an order takes it. */
export interface Operation {
  /** Its place in the order of starts. */
  readonly id: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly clientMachineId: string;
  /** Places that its N_Policy makes. */
  readonly places: number;
  /** False for a machine that the profile does not count: its answer only shows the count. */
  readonly isCounted: boolean;
  /** Null where the answer was lost. */
  readonly count: number | null;
  /** What was done to the host instead of a request: `reset` forgets all, a number sets its clock forward by so many ms. */
  readonly control: 'reset' | number | null;
  /** A control is known to come while it is under way: it may be taken behind that, whatever the counts before. */
  readonly meetsControl?: boolean;
}

/**
 * When a client asked last, as a range on the axis of moments: a phase, and within it the number of an event. Phases end where the count
 * or the capacity changed, so that whatever happened in one is older than all of the next.
 */
export const PHASE_LENGTH = 2 ** 32;
export const lastMoment = (phase: number): number => (phase + 1) * PHASE_LENGTH - 1;
