import type { OthersDocument } from './document';
import { FINDINGS } from './findings';
import { RECORDINGS } from './recordings';
import { TEXTS } from './texts';

/** Every form in which others hand documents over. */
export const DOCUMENTS: readonly OthersDocument[] = [...FINDINGS, ...TEXTS, ...RECORDINGS];
