import type { Outbox } from '../support/outbox';
import type { Stage } from './host-failure';
import type { ConnectionObserver } from './observer';
import { WallTime } from './wall-time';

/** The time to live of a request (volume-activation-article): how long an answer is waited for, unless told otherwise. */
export const DEFAULT_TIMEOUT_MS = 15_000;
/** How a connection is made, and how long it waits (ms). */
export interface ConnectionOptions {
  /** For connecting, and for every wait that names none of its own. */
  readonly timeoutMs?: number;
  /** Aborting it destroys the connection; what waits fails as `interrupted`. */
  readonly signal?: AbortSignal | undefined;
  /** Source address, such as 127.0.0.2. */
  readonly localAddress?: string | undefined;
  readonly observer?: ConnectionObserver | undefined;
  /** Number of the connection in its run, from 0. */
  readonly index?: number;
  readonly time?: WallTime;
  /** Gathers what several connections ask in one turn; without it each call is written at once. */
  readonly outbox?: Outbox;
}

/** How long a wait lasts (ms), and what for. */
export interface WaitOptions {
  readonly timeoutMs?: number;
  /** What the wait is for, for the failure. */
  readonly stage?: Stage;
}
