export type { BaselineUse } from '../../baseline/known-outcomes';
export type { RequirementEntry } from './requirement-entry';
export {
  type Progress as SuiteProgress,
  runSuite,
  type SuiteJobOptions,
  type SuiteOutcome,
  type SuitePlan,
} from './run-suite';
export type { SelectionOptions } from './select';
