/** One small deviation from the model or the wire format, switched on by name. */
export interface Fault {
  readonly name: string;
  /** What the host does wrong, in one sentence. */
  readonly sentence: string;
  /** Ids of the requirements that must turn red. */
  readonly requirements: readonly string[];
}
export type FaultName = string;
export const FAULTS: readonly Fault[] = [];
