export { diff, type DiffJobOptions, type DiffOutcome, type DiffProgress } from './diff-job';
export type { FoundDifference } from './found';
export type { Difference, Observation } from './observation';
export type { DiffHost, DiffPlan } from './plan';
