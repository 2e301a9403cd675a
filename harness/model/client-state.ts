import { CLIENT_THRESHOLD } from '../../protocol';
import type { Profile } from './profile';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** An activation is valid for so long (understanding-kms 2.4). */
export const VALIDITY_MS = 180 * DAY_MS;
/** Out-of-tolerance and non-genuine grace (volume-activation-article). */
export const OTHER_GRACE_MS = 30 * DAY_MS;
/** Retry and renewal where no host has said otherwise yet (understanding-kms 2.4). */
export const USUAL_RETRY_MS = 2 * HOUR_MS;
export const USUAL_RENEWAL_MS = 7 * DAY_MS;
/** A host's interface takes no shorter interval (Operations Guide, WMI methods); one that sends less is asked no oftener. */
export const SHORTEST_INTERVAL_MS = 15 * MINUTE_MS;

/** Licence states of a client, in the order in which charts stack them. A machine that has not been started yet is unlicensed. */
export const LICENCES = [
  'licensed',
  'OOB grace',
  'out-of-tolerance grace',
  'non-genuine grace',
  'notification',
  'unlicensed',
] as const;
/** A licence state of a client; see {@link LICENCES}. */
export type Licence = (typeof LICENCES)[number];

/** LicenseStatus of each state, as requests carry it. */
export const LICENSE_STATUS: Readonly<Record<Licence, number>> = {
  unlicensed: 0,
  licensed: 1,
  'OOB grace': 2,
  'out-of-tolerance grace': 3,
  'non-genuine grace': 4,
  notification: 5,
};
/** The largest LicenseStatus that there is: 6, extended grace, which no client of this model comes to. */
export const MAX_LICENSE_STATUS = 6;

/** How long a machine stays in its first grace period; Server 2008 longer in one profile (volume-activation-article). */
export const USUAL_GRACE_MS = 30 * DAY_MS;

/** What a KMS client knows about itself. Times are ms since 1970. */
export interface ClientState {
  readonly licence: Licence;
  /** When this state ends if nothing happens; Infinity for those that do not. */
  readonly endsAtMs: number;
}

/** A state and when the client asks next. */
export interface Transition {
  readonly state: ClientState;
  readonly nextAskMs: number;
}

/** What of a response bears on the client. */
export interface ActivationAnswer {
  readonly currentClientCount: number;
  readonly activationIntervalMinutes: number;
  readonly renewalIntervalMinutes: number;
}

/** What can befall a machine, apart from the passing of time. */
export type Incident =
  /** Installed anew: another CMID, and the grace period from its start. */
  | 'reimage'
  /** Hardware changed beyond tolerance. */
  | 'hardware-change'
  /** Found non-genuine. */
  | 'non-genuine';

const intervalMs = (minutes: number): number => Math.max(SHORTEST_INTERVAL_MS, minutes * MINUTE_MS);

/**
 * The KMS client as a pure state machine (understanding-kms 2.4; states and grace periods from volume-activation-article
 * and its editor's note). The count decides on the client's side: a host below the threshold answers all the same.
 */
export class ClientRules {
  readonly #graceMs: number;
  readonly #failedRenewalMs: number;

  /** @param requiredClientCount N_Policy of the machine's product */
  constructor(
    readonly requiredClientCount: number,
    profile: Profile,
  ) {
    const { client, server } = profile.initialGraceDays;
    this.#graceMs = (requiredClientCount === CLIENT_THRESHOLD ? client : server) * DAY_MS;
    this.#failedRenewalMs = profile.failedRenewalRetryHours * HOUR_MS;
  }

  /** A machine is started for the first time: it asks at once. */
  start(nowMs: number): Transition {
    return { state: { licence: 'OOB grace', endsAtMs: nowMs + this.#graceMs }, nextAskMs: nowMs };
  }

  /** A host answered with a count: activated where it reaches N_Policy, else an attempt that failed. */
  answered(state: ClientState, answer: ActivationAnswer, nowMs: number): Transition {
    if (answer.currentClientCount < this.requiredClientCount) {
      return this.failed(state, nowMs, intervalMs(answer.activationIntervalMinutes));
    }
    return {
      state: { licence: 'licensed', endsAtMs: nowMs + VALIDITY_MS },
      nextAskMs: nowMs + intervalMs(answer.renewalIntervalMinutes),
    };
  }

  /** No host answered, or one refused, or the count was too low. The state stays what it is. */
  failed(state: ClientState, nowMs: number, retryMs = USUAL_RETRY_MS): Transition {
    return { state, nextAskMs: nowMs + this.retryAfterMs(state, retryMs) };
  }

  /** How long a client waits after a failed attempt: in grace and notification two hours, licensed as the profile says. */
  retryAfterMs({ licence }: ClientState, retryMs = USUAL_RETRY_MS): number {
    return licence === 'licensed' ? this.#failedRenewalMs : retryMs;
  }

  /** The state's time is over: whatever it was, what follows is notification (editor's note). */
  lapsed(state: ClientState, nowMs: number): ClientState {
    return nowMs < state.endsAtMs ? state : { licence: 'notification', endsAtMs: Infinity };
  }

  /** Something befell the machine; it asks again at once. Only a licensed one can lose its licence to hardware or genuineness. */
  applyIncident(state: ClientState, incident: Incident, nowMs: number): Transition {
    if (incident === 'reimage') return this.start(nowMs);
    if (state.licence !== 'licensed') return { state, nextAskMs: nowMs };
    const licence = incident === 'hardware-change' ? 'out-of-tolerance grace' : 'non-genuine grace';
    return { state: { licence, endsAtMs: nowMs + OTHER_GRACE_MS }, nextAskMs: nowMs };
  }
}
