import { type Mac, product } from '../../../protocol';
import type { ConnectionObserver, Endpoint } from '../../client';
import type { Profile } from '../../model/profile';

/** The same application for all cases, where a host grants no other. */
export const WINDOWS = product('r2-b').applicationId;

/** What a campaign found out about its target before the first case, by asking good requests. */
export interface Capabilities {
  /** It accepts NDR64. */
  readonly ndr64: boolean;
  /** It grants an application that nobody knows: then each case has one of its own, and its own count. */
  readonly grantsAnyApplication: boolean;
  /** It answers further calls on a connection. */
  readonly keepsConnections: boolean;
  /** It refuses clients whose clock is off: then requests carry the time of the campaign's start. */
  readonly requestTime: bigint;
  /** It signed with the key that the target has. */
  readonly signs: boolean;
}

/** What running a case needs beside the case. */
export interface RunContext {
  readonly endpoint: Endpoint;
  readonly capabilities: Capabilities;
  readonly profile: Profile;
  readonly mac: Mac | undefined;
  /** How long an answer is waited for. */
  readonly timeoutMs: number;
  /** Between TCP segments of a call that is cut, so that the host reads each by itself; 1 by default. */
  readonly segmentPauseMs?: number | undefined;
  readonly observer?: ConnectionObserver | undefined;
  readonly signal?: AbortSignal | undefined;
}
