import type { Evidence } from '../../../reports/results/result';
import type { SeenExchange } from '../../client/exchange-window';
import type { Licence } from '../../model/client-state';

/** What a fleet run came to. Hours are virtual, from its start. */
export interface FleetResult {
  readonly seed: number;
  readonly days: number;
  readonly clients: number;
  readonly profile: string;
  readonly hosts: readonly HostSummary[];
  readonly samples: readonly FleetSample[];
  /** Requests that hosts were sent in each hour. */
  readonly requestsPerHour: readonly number[];
  readonly requests: number;
  readonly machines: readonly MachineSummary[];
  readonly activated: number;
  readonly neverActivated: number;
  readonly firstActivationHour: number | null;
  readonly lastActivationHour: number | null;
  /** Answers whose count was not what the model gives for the same requests, refusals of what is to be granted, and those of both that prove something. */
  readonly differences: number;
  readonly conclusiveDifferences: number;
  readonly firstDifference: FleetDifference | null;
  /** The first exchange that differs, the first request without an answer, and a few around each. */
  readonly evidence: readonly Evidence[];
  /** What the controls of the hosts did not allow to show. */
  readonly notShown: readonly string[];
  /** Set where the run ended before its time. */
  readonly endedAtHour: number | null;
}

/** An answer other than the model's: at which virtual hour, of which host, to which machine. */
export interface FleetDifference {
  readonly hour: number;
  readonly host: string;
  readonly machine: string;
  readonly message: string;
}

/** What one host of a fleet was asked and answered. */
export interface HostSummary {
  readonly name: string;
  readonly requests: number;
  /** Requests that got no answer, outages of the plan not counted. */
  readonly failures: number;
  readonly firstFailure: string | null;
  /** Its last request got no answer. */
  readonly lost: boolean;
  /** Answers other than a count. */
  readonly refusals: number;
  /** Refusals with 0xC004F042 that are right or wrong by a key group that was not told. */
  readonly unjudgedRefusals: number;
  readonly highestCount: number;
  /** Most places that the host had, by the model. */
  readonly capacity: number;
  /** Answers above the capacity that the model gives the host. */
  readonly overCapacity: number;
  /** Answers lower than the one before them (same application), and how many of these the model has too. */
  readonly falls: number;
  readonly fallsByModel: number;
}

/** The fleet at one virtual hour. */
export interface FleetSample {
  readonly hour: number;
  /** Machines in each of `LICENCES`. */
  readonly machines: readonly number[];
  /** Since the sample before. */
  readonly requests: number;
  /** The last count that the first host answered since the sample before, and what the model gives; null where none. */
  readonly answered: number | null;
  readonly expected: number | null;
}

/** When one machine came, asked and was activated, in virtual hours. */
export interface MachineSummary {
  readonly name: string;
  /** The group's name. */
  readonly kind: string;
  readonly requiredClientCount: number;
  readonly arrivedHour: number;
  readonly firstAskedHour: number | null;
  /** When it was activated for the first time. */
  readonly activatedHour: number | null;
  readonly requests: number;
  /** Attempts that found no host. */
  readonly unanswered: number;
  /** Times that its licence or grace ran out. */
  readonly lapses: number;
  readonly licence: Licence;
}

/** One answered request, as it happens. */
export interface FleetAnswer {
  readonly hour: number;
  readonly host: number;
  readonly machine: string;
  readonly kind: string;
  /** What was sent and received; undefined where the host encodes nothing. */
  readonly exchange: SeenExchange | undefined;
  /** Null where the host answered something else. */
  readonly answered: number | null;
  readonly expected: number | null;
  readonly capacity: number;
  /** The machine is licensed after this answer. */
  readonly licensed: boolean;
}
