import { join } from 'node:path';
import type { Answer, Exchange } from '../../../../protocol';
import { packageRoot } from '../../../support/package-root';
import {
  type Conversations,
  type ConversationsOptions,
  readConversations,
  replayExchanges,
  type ReplayExchangesOptions,
  type ReplayOutcome,
  type ReplayRow,
} from '..';

/** A capture of the corpus, read as replay reads it. */
export const capture = (name: string, options: ConversationsOptions = {}): Promise<Conversations> =>
  readConversations(join(packageRoot(), 'captures/corpus', `${name}.pcap`), options);

/** What another reading hands out. */
export async function exchangesOf(recording: AsyncIterable<Exchange>): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  for await (const exchange of recording) exchanges.push(exchange);
  return exchanges;
}

/** Exchanges of a capture of the corpus. */
export const captured = async (name: string): Promise<Exchange[]> => exchangesOf(await capture(name));

/** A replay with every row of it. */
export async function replayedRows(
  options: ReplayExchangesOptions,
): Promise<ReplayOutcome & { readonly rows: readonly ReplayRow[] }> {
  const rows: ReplayRow[] = [];
  const onRow: ReplayExchangesOptions['onRow'] = (row, before) => {
    rows.push(row);
    options.onRow?.(row, before);
  };
  return { ...(await replayExchanges({ ...options, onRow })), rows };
}

/** Recorded counts, as the provenance of the captures gives them. */
export const COUNTS: Record<string, number[]> = {
  'v4-threshold-clients': Array.from({ length: 30 }, (_, i) => i + 1),
  'v4-mixed-growth': [
    ...Array.from({ length: 10 }, (_, i) => i + 1),
    ...Array<number>(5).fill(10),
    ...Array.from({ length: 40 }, (_, i) => i + 11),
    ...Array<number>(10).fill(50),
  ],
  'v4-one-connection-ndr64': Array.from({ length: 12 }, (_, i) => i + 1),
};

/** The count of a granted answer, null for any other. */
export const countOf = (answer: Answer | null | undefined): number | null =>
  answer?.kind === 'response' ? answer.value.currentClientCount : null;
