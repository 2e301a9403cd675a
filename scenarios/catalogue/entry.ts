import type { Level, RequirementEntry } from '../../harness/jobs/suite/requirement-entry';

type Options = Pick<RequirementEntry, 'slow' | 'noScenario' | 'usually'>;

const entry =
  (level: Level) =>
  <const Id extends string>(
    id: Id,
    title: string,
    sources: readonly string[],
    options: Options = {},
  ): RequirementEntry<Id> => ({ id, level, title, sources, ...options });

/** Stated by a source. */
export const must = entry('MUST');
export const should = entry('SHOULD');
/** What a dependable host does by this project's own judgement. */
export const design = entry('DESIGN');
/** What hosts were seen to do where no source speaks. */
export const observed = entry('OBSERVED');
