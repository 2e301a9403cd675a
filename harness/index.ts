/**
 * What talks to hosts and simulates them: the lab host, the client, targets, the counting model, and the jobs that are done with them.
 * Named one by one: what the jobs are made of within is not promised to anyone.
 */
export * from './support/clock';
export * from './support/random';
export { UsageError } from './support/usage-error';
export {
  type ActivationAnswer,
  ClientRules,
  type ClientState,
  type Incident,
  type Licence,
  LICENCES,
  LICENSE_STATUS,
  type Transition,
} from './model/client-state';
export * from './model/counting-model';
export * from './model/machine-request';
export * from './model/profile';
export {
  Association,
  type BindOptions,
  type CallOptions,
  Connection,
  type ConnectionObserver,
  type ConnectionOptions,
  DEFAULT_TIMEOUT_MS,
  type Endpoint,
  type ExchangeCounter,
  type FailureDetails,
  type FailureKind,
  formatEndpoint,
  HostFailure,
  isUnreachable,
  KeptConnection,
  type KeptConnectionOptions,
  KmsClient,
  type KmsClientOptions,
  KmsSession,
  type NegotiatedContext,
  type OfferOptions,
  type Stage,
  type WaitOptions,
} from './client';
export type { ActivationRequest } from './client/kms-client';
export * from './client/ask-once';
export { evidenceOfExchange, ExchangeWindow, type SeenExchange } from './client/exchange-window';
export type { HostClient, HostReply } from './client/host-client';
export * from './client/capture-file';
export * from './client/capture-observer';
export * from './client/good-request';
export * from './lab-host';
export {
  ControlFailure,
  type ControlCommands,
  type ControlName,
  guardTarget,
  isLoopbackAddress,
  KeyFileError,
  KMS_PORT,
  type Lookup,
  openControls,
  type OpenedControls,
  openTarget,
  parseTarget,
  readKeyFile,
  type Target,
  type TargetAddress,
  type TargetConfig,
  type TargetControls,
  type TargetDescription,
} from './target';
export * from './target/initial-state';
export {
  DnsError,
  type DnsErrorCode,
  type DnsErrorDetails,
  type DnsLookup,
  dnsLookup,
  type ExpectedHost,
  type ExpectedHosts,
  findHost,
  type FindHostOptions,
  findTarget,
  type FindTargetOptions,
  type FoundHost,
  lookUpDomain,
  type LookupOptions,
  NoHostFound,
  orderByPriorityAndWeight,
  orderForClient,
  parseDnsServer,
  parseDomain,
  parseExpected,
  type PublishedDomain,
  type PublishedHost,
  type SrvAnswer,
  type SrvRecord,
} from './target/discovery';
export * from './jobs/suite';
export * from './jobs/stream';
export * from './jobs/fleet';
export * from './jobs/history';
export * from './jobs/vectors';
export * from './jobs/load';
export {
  type Comparison,
  type ComparisonSetting,
  CONNECTION_MODES,
  type ConnectionMode,
  type Conversations,
  type ExchangeFilter,
  type Expected,
  labLikeRecorded,
  type Pace,
  parseFilter,
  parseTiming,
  readConversations,
  type RecordedRequest,
  type RecordedTurn,
  replay,
  replayExchanges,
  type ReplayExchangesOptions,
  type ReplayJobOptions,
  type ReplayJobOutcome,
  type ReplayOutcome,
  type ReplayPlan,
  type ReplayRow,
  ReplayTally,
  ReplayUsageError,
} from './jobs/replay';
export {
  discover,
  type Discovered,
  type DiscoverOptions,
  type DiscoveryOutcome,
  discoveryOutcome,
  discoveryTable,
  judgeDomain,
  type JudgedDomain,
  type JudgedHost,
  type JudgeOptions,
  type OutcomeOptions,
  type Publication,
  publish,
  type PublishOptions,
} from './jobs/discovery';
export * from './jobs/record';
export {
  type ActivationEvent,
  type ComparedLog,
  correlate,
  type CorrelatedRequest,
  type Correlation,
  CORRELATION_SCHEMA,
  correlationToJson,
  type CorrelationVerdict,
  type EventDifference,
  type EventLog,
  EventLogError,
  exchangeEventLine,
  formatCorrelation,
  type LogFormat,
  type LoggedEvent,
  parseEventLine,
  parseEventLog,
  readEventLog,
  requestsOfCapture,
  requestsOfReport,
  type SeenRequest,
  type SeenRequests,
} from './jobs/events';
export {
  checkHealth,
  type CheckOptions,
  type DomainHealth,
  formatFailure,
  formatHealth,
  FORMATS,
  type Health,
  type HostHealth,
  parseRange,
  PROBE_EXIT,
  PROBE_SCHEMA,
  probeExitCode,
  type ProbeFormat,
  type ProbePlan,
  type Problem,
  type ProblemKind,
  type Range,
  runProbe,
  type State,
  STATES,
  targetHost,
  type TargetHost,
  type TargetHostOptions,
  type Thresholds,
  type WatchedDomain,
} from './jobs/probe';
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
