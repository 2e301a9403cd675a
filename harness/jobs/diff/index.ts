export { type AgainOptions, type AgainOutcome, diffAgain } from './again';
export { diff, type DiffJobOptions, type DiffOutcome, type DiffProgress } from './diff-job';
export { loadDifference, type ReadTold, type SavedDifference } from './difference-file';
export { type FoundDifference, shapeOf } from './found';
export type { Difference, Observation } from './observation';
export type { CommandWords, DiffHost, DiffPlan } from './plan';
export { differenceWords, titleOf } from './words';
