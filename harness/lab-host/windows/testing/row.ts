import type { LabHost } from '../../server';
import type { Conversation } from './conversation';

/** What one row of the ledger says, played over TCP: a connection to a new lab host, and the host, for further ones. */
export type Play = (talk: Conversation, host: LabHost) => Promise<void>;
export type Rows = Readonly<Record<string, Play>>;

/** A row for each of some inputs that are answered alike. */
export function family<T>(inputs: Readonly<Record<string, T>>, play: (input: T) => Play): Rows {
  return Object.fromEntries(Object.entries(inputs).map(([id, input]) => [id, play(input)]));
}
