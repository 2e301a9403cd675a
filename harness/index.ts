/** What talks to hosts and simulates them: the lab host, the client, targets, the counting model, and the jobs that are done with them. */
export * from './support/clock';
export * from './support/random';
export { UsageError } from './support/usage-error';
export * from './model/client-state';
export * from './model/counting-model';
export * from './model/machine-request';
export * from './model/profile';
export * from './client';
export * from './client/ask-once';
export { evidenceOfExchange, ExchangeWindow, type SeenExchange } from './client/exchange-window';
export type { HostClient, HostReply } from './client/host-client';
export * from './client/capture-file';
export * from './client/capture-observer';
export * from './client/good-request';
export * from './lab-host';
export * from './target';
export * from './target/initial-state';
export * from './target/discovery';
export * from './jobs/suite';
export * from './jobs/stream';
export * from './jobs/fleet';
export * from './jobs/history';
export * from './jobs/vectors';
export * from './jobs/load';
export * from './jobs/replay';
export * from './jobs/discovery';
export * from './jobs/record';
export * from './jobs/events';
export * from './jobs/probe';
export * from './jobs/diff';
export {
  CASE_LEVELS,
  type CampaignSettings,
  fuzz,
  type FuzzJobOptions,
  type FuzzOutcome,
  type FuzzPlan,
  retryFinding,
  type RetryOutcome,
  type TargetSettings,
} from './jobs/fuzz';
