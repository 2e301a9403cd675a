import type { KeyGroupSetting } from '../../protocol';
import type { Profile } from '../model/profile';
import type { AdjustableClock } from '../support/clock';

/** What faults may know of the host that they are in. */
export interface HostSettings {
  readonly profile: Profile;
  readonly keyGroup: KeyGroupSetting;
  readonly ndr64: boolean;
  readonly clock: AdjustableClock;
  readonly checkClock: boolean;
  readonly checkMac: boolean;
  readonly activationIntervalMinutes: number;
  readonly renewalIntervalMinutes: number;
  readonly seed: number;
  readonly slowMs: number;
  readonly onRequest: ((line: string) => void) | null;
}
