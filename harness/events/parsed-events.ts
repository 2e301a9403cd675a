import type { LoggedEvent } from './event-line';

/** The event that a host logs for each request. */
export const REQUEST_EVENT_ID = '12290';

/** What the readers of all formats give. */
export interface ParsedEvents {
  /** In the order of the file. */
  readonly events: readonly LoggedEvent[];
  /** Events of other ids. */
  readonly others: number;
  readonly warnings: readonly string[];
}
