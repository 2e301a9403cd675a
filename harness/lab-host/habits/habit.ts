import type { Override } from '../faults/fault';

/** A way in which a good host differs from the lab host: it breaks no clause, and nothing that judges may fail it. */
export interface Habit<Name extends string = string> {
  /** Kebab-case; stable. */
  readonly name: Name;
  /** What the host does, in one sentence. */
  readonly sentence: string;
  readonly override: Override;
}

/** Keeps the name as a type, so that the library knows it. */
export const habit = <const Name extends string>(is: Habit<Name>): Habit<Name> => is;
