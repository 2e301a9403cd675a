import { publicationOf } from '../../../scenarios/catalogue/bibliography';
import type { RequirementEntry } from '../../jobs/suite/requirement-entry';
import type { RequirementExplanation } from './explanation';

/** A requirement with its sources, and what each of them is. */
export function cited({
  id,
  level,
  title,
  sources,
}: Pick<RequirementEntry, 'id' | 'level' | 'title' | 'sources'>): RequirementExplanation['requirement'] {
  return {
    ...{ id, level, title },
    sources: sources.map((citation) => {
      const publication = publicationOf(citation);
      return publication === undefined ? { citation } : { citation, title: publication.title };
    }),
  };
}
