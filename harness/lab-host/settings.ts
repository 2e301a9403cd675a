import type { KeyGroupSetting } from '../../protocol';
import { AdjustableClock, type Clock, systemClock } from '../support/clock';
import { DEFAULT_PROFILE, type Profile } from '../model/profile';
import type { FaultName } from './faults/faults';
import { withFaults } from './faults/with-faults';
import { type HabitName, withHabits } from './habits/habits';
import { CONFORMING_HOOKS } from './hooks/conforming-hooks';
import type { HostSettings } from './host-settings';
import type { Hooks } from './hooks/hooks';

/** What a lab host can be told. Without any of it: the default profile, every product granted, no fault. */
export interface LabHostOptions {
  /** TCP port; 0, the default, for one that is free. */
  readonly port?: number;
  /** Listen on ::1 instead of 127.0.0.1. There is no option for any other address. */
  readonly ipv6?: boolean;
  /** Listen on both of them, on one port, where this machine has ::1 and nobody else listens on it there. */
  readonly bothFamilies?: boolean;
  readonly profile?: Profile;
  readonly keyGroup?: KeyGroupSetting;
  /** Prefer NDR64 where a client offers it; true by default. */
  readonly ndr64?: boolean;
  readonly faults?: readonly FaultName[];
  /** Ways in which good hosts differ. */
  readonly habits?: readonly HabitName[];
  /** The time that the host goes by; it can be set ahead of this with `advanceClock`. */
  readonly clock?: Clock;
  /** Refuse a client whose clock is more than four hours off. */
  readonly checkClock?: boolean;
  /** Refuse a request whose MAC the lab key does not verify. */
  readonly checkMac?: boolean;
  /** VLActivationInterval, 120 by default. */
  readonly activationIntervalMinutes?: number;
  /** VLRenewalInterval, 10080 by default. */
  readonly renewalIntervalMinutes?: number;
  /** Close a connection that has been silent for so long; 60 by default, 0 for never. */
  readonly idleCloseSeconds?: number;
  /** What the ePID and association groups are made from. */
  readonly seed?: number;
  /** How long faults that make the host slow take, in ms: 16000 by default, just beyond the time to live. */
  readonly slowMs?: number;
  /** Called with one line for each request that was decided, in the style of event 12290. */
  readonly onRequest?: (line: string) => void;
}

/** `LabHostOptions` with everything filled in that the pure part of the host needs. */
export interface LabSettings extends HostSettings {
  /** How this host behaves. They remember things of one host, and are no other's. */
  readonly hooks: Hooks;
}

/** Minutes until a client that was not activated tries again (understanding-kms 2.4). */
export const ACTIVATION_INTERVAL_MINUTES = 120;
/** Minutes until an activated client renews (understanding-kms 2.4). */
export const RENEWAL_INTERVAL_MINUTES = 10_080;

export function resolveSettings(options: LabHostOptions): LabSettings {
  const settings: HostSettings = {
    profile: options.profile ?? DEFAULT_PROFILE,
    keyGroup: options.keyGroup ?? 'any',
    ndr64: options.ndr64 ?? true,
    clock: new AdjustableClock(options.clock ?? systemClock),
    checkClock: options.checkClock ?? false,
    checkMac: options.checkMac ?? false,
    activationIntervalMinutes: options.activationIntervalMinutes ?? ACTIVATION_INTERVAL_MINUTES,
    renewalIntervalMinutes: options.renewalIntervalMinutes ?? RENEWAL_INTERVAL_MINUTES,
    seed: options.seed ?? 0,
    slowMs: options.slowMs ?? 16_000,
    onRequest: options.onRequest ?? null,
  };
  const right = withHabits(options.habits ?? [], CONFORMING_HOOKS, settings);
  return { ...settings, hooks: withFaults(options.faults ?? [], settings, right) };
}
