import type { KeyGroup } from '../../../../protocol';

/** What a fuzzer finds a fault by, where no requirement's scenario meets it. */
export type FaultOracle =
  | 'alive' // a good request is answered
  | 'time' // within the time to live
  | 'count' // the count is what the model says
  | 'conforms' // every answer holds to the rules of MSG and RPC
  | 'leak' // nothing of another request shows in an answer
  | 'release'; // connections are let go

/** One small deviation from the model or from the wire format, switched on by name. */
export interface Fault<Name extends string = string> {
  /** Kebab-case; stable. */
  readonly name: Name;
  /** What the host does wrong, in one sentence. */
  readonly sentence: string;
  /** Ids of the requirements that must turn red; none for a deep one. */
  readonly requirements: readonly string[];
  /** The key group that the host must have for it to show. */
  readonly keyGroup?: KeyGroup;
  /** No default sequence reaches it at once: it is the fuzzer's to find, by this oracle. */
  readonly deep?: FaultOracle;
}

export function fault<const Name extends string>(
  name: Name,
  sentence: string,
  requirements: readonly string[],
  keyGroup?: KeyGroup,
): Fault<Name> {
  return { name, sentence, requirements, ...(keyGroup === undefined ? {} : { keyGroup }) };
}

export function deepFault<const Name extends string>(
  name: Name,
  sentence: string,
  deep: FaultOracle,
): Fault<Name> {
  return { name, sentence, requirements: [], deep };
}
