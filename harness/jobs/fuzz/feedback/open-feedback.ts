import type * as fc from 'fast-check';
import { UsageError } from '../../../support/usage-error';
import type { TargetControls } from '../../../target';
import type { FuzzCase } from '../../../cases/case';
import { CaseSource } from '../../../cases/generate/case-source';
import { type CampaignSettings, isExclusive } from '../settings';
import { Feedback } from './feedback';
import { FeedbackSource } from './feedback-source';
import { keptIn } from './kept-file';

/** Cases, and who watches them where what they see decides about those to come. */
export interface OpenedSource {
  readonly source: CaseSource;
  readonly feedback?: Feedback | undefined;
}

/**
 * @param runs how often the seed was run against the host before
 * @throws UsageError where the host is to say what it ran, and has no control for it or is shared
 */
export function openSource(
  arbitrary: fc.Arbitrary<FuzzCase>,
  settings: Pick<CampaignSettings, 'seed' | 'feedback' | 'out' | 'workers' | 'target'>,
  controls: TargetControls,
  runs = 0,
): OpenedSource {
  const { seed, feedback = 'none', out } = settings;
  if (feedback === 'none') return { source: new CaseSource(arbitrary, seed, runs) };
  if (feedback === 'coverage' && controls.coverage === undefined)
    throw new UsageError('--feedback coverage needs controls.coverage in the configuration: docs/fuzzing.md');
  if (feedback === 'coverage' && !isExclusive(settings))
    throw new UsageError('--feedback coverage tells what one case after the other ran: leave out --workers');
  const file = out === null ? null : keptIn(out);
  const source = new FeedbackSource(arbitrary, seed, (fuzzCase) => file?.add(fuzzCase), runs);
  for (const fuzzCase of file?.read() ?? []) source.kept.add(fuzzCase);
  return { source, feedback: new Feedback(source, feedback === 'coverage' ? controls.coverage : undefined) };
}
