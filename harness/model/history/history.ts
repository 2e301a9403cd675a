/** Names the form of files of histories (docs/histories.md). */
export const HISTORY_SCHEMA = 'kmsspec.history/1';

/**
 * One granted request of a history, or one that nobody knows the end of. Two of them overlap where neither ended before the other started;
 * the same moment counts as overlapping.
 */
export interface HistoryRequest {
  readonly kind: 'request';
  /** When the client sent it, ms on any clock that all of the history shares. */
  readonly startMs: number;
  /** When its answer had come; Infinity for an answer that never came: the host may have counted it at any time since, or never. */
  readonly endMs: number;
  readonly applicationId: string;
  readonly clientMachineId: string;
  /** N_Policy. */
  readonly requiredClientCount: number;
  readonly isVirtualMachine: boolean;
  /** The count of the answer; null where it was lost. */
  readonly count: number | null;
}

/** What was done to the host meanwhile: it took effect at one moment between its start and its end. */
export interface HistoryControl {
  readonly kind: 'control';
  readonly startMs: number;
  readonly endMs: number;
  /** A reset forgets everything, and a restart does unless the profile says otherwise. */
  readonly control: 'reset' | 'restart' | 'advance';
  /** By how much the host's clock was set forward; 0 for the others. */
  readonly advanceMs: number;
}

/** One event of a history: a request with its answer, or a control. */
export type HistoryEvent = HistoryRequest | HistoryControl;

/** What the host held when the history began: nothing, or what nobody knows. */
export type HistoryStart = 'empty' | 'found';
