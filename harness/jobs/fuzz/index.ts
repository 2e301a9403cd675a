export { type ValueMode, VALUE_MODES } from '../../cases/generate/field-arbitrary';
export { layoutArbitrary } from '../../cases/generate/layout-arbitrary';
export { CASE_LEVELS, type CaseLevel, type FuzzCase } from '../../cases/case';
export { caseArbitrary } from '../../cases/generate/case-arbitrary';
export { type CampaignOptions, type CampaignResult, runCampaign } from './campaign';
export { type CampaignSettings, type TargetSettings } from './settings';
export { type Clause } from '../../cases/judge/clauses';
export { type Finding } from './findings/finding';
export { loadFinding, type SavedFinding } from './findings/findings-folder';
export {
  fuzz,
  type FuzzJobOptions,
  type FuzzOutcome,
  type FuzzPlan,
} from './fuzz-job';
export { retryFinding, type RetryOutcome } from './retry-job';
export { Journal } from './journal';
export { type Replayed, replayFinding } from './findings/replay-finding';
export { targetOf } from './target-of';
export type { Progress } from './progress';
