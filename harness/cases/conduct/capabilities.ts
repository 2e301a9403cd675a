import { type Mac, product } from '../../../protocol';
import type { ConnectionObserver, Endpoint } from '../../client';
import type { Profile } from '../../model/profile';
import type { Witnessed } from './heard';
import type { Patience } from './patience';

/** The same application for all cases, where a host grants no other. */
export const WINDOWS = product('r2-b').applicationId;

/** What a campaign found out about its target before the first case, by asking good requests. */
export interface Capabilities {
  /** It accepts NDR64. */
  readonly ndr64: boolean;
  /** It grants an application that nobody knows. */
  readonly grantsAnyApplication: boolean;
  /** It grants applications that nobody knows, and counts each by itself: then each case has one of its own, and its own count. */
  readonly countsApplicationsApart: boolean;
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
  /** How long an answer is waited for at most: what comes later is late. */
  readonly timeoutMs: number;
  /** How long it is waited for before the next case is sent; by default as long as that. */
  readonly patience?: Patience | undefined;
  /** Between TCP segments of a call that is cut, so that the host reads each by itself; 1 by default. */
  readonly segmentPauseMs?: number | undefined;
  /**
   * How long what comes is waited for before this side of a connection is ended behind a request: a host may let go of what it has not answered
   * by then. Not at all by default.
   */
  readonly lingerMs?: number | undefined;
  readonly observer?: ConnectionObserver | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Hears all that the host does, as it is waited for. */
  readonly witness?: ((witnessed: Witnessed) => void) | undefined;
}
