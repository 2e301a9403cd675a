/** Where the guides disagree, a profile decides: one object of named switches. A third profile is a file, not code. */
export interface Profile {
  readonly name: string;
  /** understanding-kms 2.2: yes; volume-activation-article: physical machines only. */
  readonly countsVirtualMachines: boolean;
  /** understanding-kms 2.4: two hours; volume-activation-article: every week. */
  readonly failedRenewalRetryHours: number;
  /** Whether discovery heeds SRV priority and weight (understanding-kms 2.6) or picks at random (the article). */
  readonly discoveryUsesPriorityAndWeight: boolean;
  /** Days until a client that was never activated leaves the initial grace period, by the kind of its system. */
  readonly initialGraceDays: { readonly client: number; readonly server: number };
  /** deployment-guide: the count lives in volatile memory. */
  readonly countSurvivesRestart: boolean;
}

/** What the guides of each generation promise: {@link Profile} by name. */
export const PROFILES = {
  'win7-2008r2': {
    name: 'win7-2008r2',
    countsVirtualMachines: true,
    failedRenewalRetryHours: 2,
    discoveryUsesPriorityAndWeight: true,
    initialGraceDays: { client: 30, server: 30 },
    countSurvivesRestart: false,
  },
  'vista-2008': {
    name: 'vista-2008',
    countsVirtualMachines: false,
    failedRenewalRetryHours: 7 * 24,
    discoveryUsesPriorityAndWeight: false,
    initialGraceDays: { client: 30, server: 60 },
    countSurvivesRestart: false,
  },
} as const satisfies Record<string, Profile>;

/** The name of a profile, as in `--profile`. */
export type ProfileName = keyof typeof PROFILES;
/** The profile where none is named. */
export const DEFAULT_PROFILE: Profile = PROFILES['win7-2008r2'];
