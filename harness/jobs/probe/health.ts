import type { Range } from './ranges';

/** How bad it is, as monitoring has it; the numbers are the exit codes of Nagios plugins. */
export const STATES = { ok: 0, warning: 1, critical: 2, unknown: 3 } as const;
/** How bad it is: the keys of {@link STATES}. */
export type State = keyof typeof STATES;

/** What the management pack alerts on (volume-activation-article), each a kind of its own, and what keeps a probe from its work. */
export type ProblemKind =
  | 'unreachable' // no connection, no answer in time, or no address
  | 'not-initialised' // it refuses: no key, not activated, or a key for other products
  | 'no-kms' // something else listens there
  | 'wrong-answer' // an answer for another client, or signed with another key
  | 'low-count' // below what was set
  | 'high-count' // above what was set
  | 'slow'
  | 'not-published' // no SRV record names it, or there is none
  | 'stray-record' // an SRV record of a host that should not be there, or whose name dangles
  | 'cannot-resolve' // DNS gives no answer
  | 'not-asked'; // not this machine, and --allow-remote was not given

/** What is wrong with a host or domain, and how bad that is. */
export interface Problem {
  readonly kind: ProblemKind;
  readonly state: Exclude<State, 'ok'>;
  /** A clause behind the name of the host, or a sentence of its own where it is about a domain. */
  readonly message: string;
}

/** Counts and answer times (ms) at which a host is worth a warning, or critical. */
export interface Thresholds {
  readonly warnCount: Range;
  readonly critCount: Range | null;
  readonly warnMs: number;
  readonly critMs: number;
}

/** Why a host is asked. */
export type Role = 'target' | 'published' | 'expected';

/** One host: a name and port that stay the same, whichever of its addresses is asked. */
export interface HostHealth {
  readonly host: string;
  /** The published host that it stands for, where it is `.DOMAIN`. */
  readonly via: string | null;
  readonly domain: string | null;
  readonly role: Role;
  readonly addresses: readonly string[];
  readonly state: State;
  /** The worst first. */
  readonly problems: readonly Problem[];
  /** Whether it answered anything; null where it was not asked. */
  readonly reachable: boolean | null;
  /** Whether it answered as a host that serves. */
  readonly serves: boolean;
  /** Null where there is none. */
  readonly count: number | null;
  readonly latencyMs: number | null;
  readonly ePid: string | null;
}

/** What a domain's records came to. */
export interface DomainHealth {
  readonly domain: string;
  /** The DNS server that was asked. */
  readonly resolver: string;
  /** Of its records and hosts together. */
  readonly state: State;
  readonly problems: readonly Problem[];
  /** Hosts that its records name; null where they could not be looked up. */
  readonly published: number | null;
  /** Expected hosts without a record, and records that should not be there; null where that is not known. */
  readonly missing: number | null;
  readonly stray: number | null;
  /** Lookups that failed. */
  readonly failedLookups: number;
  readonly notes: readonly string[];
}

/** All that a probe found. */
export interface Health {
  readonly state: State;
  readonly thresholds: Thresholds;
  readonly hosts: readonly HostHealth[];
  readonly domains: readonly DomainHealth[];
}

/** How bad states are beside each other: not to know is worse than a warning, and an outage that is known is worse still. */
const RANK: Readonly<Record<State, number>> = { ok: 0, warning: 1, unknown: 2, critical: 3 };

export const worst = (states: readonly State[]): State =>
  states.reduce((before, state) => (RANK[state] > RANK[before] ? state : before), 'ok');

export const worstFirst = (problems: readonly Problem[]): Problem[] =>
  [...problems].sort((a, b) => RANK[b.state] - RANK[a.state]);
