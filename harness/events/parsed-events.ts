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

/** A log that was forwarded from several hosts cannot be held against what one of them received: a warning, or none. */
export function severalHosts(computers: ReadonlySet<string>, file: string): string[] {
  if (computers.size < 2) return [];
  const some = [...computers].sort().slice(0, 5).join(', ');
  return [`${file}: ${computers.size} hosts logged these events (${some}); export the log of one`];
}
