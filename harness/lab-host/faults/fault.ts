import type { KeyGroup } from '../../../protocol';
import { HostDeath, HostHang } from '../host-failure';
import type { Hooks } from '../hooks/hooks';
import type { HostSettings } from '../host-settings';

/** What a fuzzer finds a fault by, where no requirement's scenario meets it. */
export type FaultOracle =
  | 'alive' // a good request is answered
  | 'time' // within the time to live
  | 'count' // the count is what the model says
  | 'conforms' // every answer holds to the rules of MSG and RPC
  | 'leak' // nothing of another request shows in an answer
  | 'release'; // connections are let go

/** What a fault has at hand in the host that it is in. */
export interface FaultyHost {
  readonly settings: HostSettings;
  /** Ends the process of the host: throws HostDeath. */
  readonly die: () => never;
  /** Makes the host loop for ever: throws HostHang. */
  readonly hang: () => never;
}

/**
 * The hooks that a fault overrides, made for one host. `right` is how the host behaves without the fault; what the fault remembers
 * stands beside the hooks that it returns.
 */
export type Override = (right: Hooks, host: FaultyHost) => Partial<Hooks>;

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
  readonly override: Override;
}

/** Keeps the name as a type, so that `--fault` and the library know it. */
export const fault = <const Name extends string>(is: Fault<Name>): Fault<Name> => is;

/** A fault that needs a coincidence: no scenario meets it, a fuzzer must. */
export const deepFault = <const Name extends string>(
  is: Omit<Fault<Name>, 'requirements'> & { readonly deep: FaultOracle },
): Fault<Name> => ({ ...is, requirements: [] });

/** The host as one fault has it at hand. */
export function faultyHost({ name }: Fault, settings: HostSettings): FaultyHost {
  return {
    settings,
    die: () => {
      throw new HostDeath(name);
    },
    hang: () => {
      throw new HostHang(name);
    },
  };
}
