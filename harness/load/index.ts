export { type HeldConnections, holdDripping, holdIdle, secondsUntilIdleClose } from './idle';
export { type LoadPlan, USUAL_LOAD } from './plan';
export { type LoadBudgets, type LoadOptions, type LoadResult, runLoad } from './run-load';
