export { type HeldConnections, holdDripping, holdIdle, secondsUntilIdleClose } from './idle';
export {
  exampleOfLoad,
  type LoadJobOptions,
  type LoadJobOutcome,
  type LoadJobPlan,
  runLoad,
} from './load-job';
export { type LoadBudgets, type LoadResult, measureLoad, type MeasureLoadOptions } from './measure-load';
export { type RoundsPlan, runRounds } from './rounds';
export { type LoadPlan, USUAL_LOAD } from './plan';
