import { join } from 'node:path';
import type { Answer } from '../../../../protocol';
import { packageRoot } from '../../../support/package-root';
import { type Conversations, readConversations } from '..';

/** A capture of the corpus, read as replay reads it. */
export const capture = (name: string): Promise<Conversations> =>
  readConversations(join(packageRoot(), 'captures/corpus', `${name}.pcap`));

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
