/** Reports: read, written in every form, judged, merged and compared. Named one by one: how they are made within is not promised to anyone. */
export {
  type Attempt,
  type Coverage,
  type CoverageRow,
  DEFAULT_FAIL_ON,
  type Discovery,
  type DiscoveryVerdict,
  type Ending,
  type Evidence,
  type EvidenceField,
  type FieldDifference,
  type Finding,
  type Fleet,
  type Latency,
  type LatencySeries,
  type Level,
  LEVELS,
  type Outcome,
  OUTCOMES,
  parseReport,
  type Reaction,
  type Replay,
  type ReplayedExchange,
  type Report,
  REPORT_SCHEMA,
  ReportError,
  type ReportErrorCode,
  type ReportErrorDetails,
  reportJsonSchema,
  type Result,
  type Run,
  type Shard,
  summarise,
  type Summary,
  type Target,
  type Trajectory,
  type TrajectoryPoint,
} from './results/model';
export { isOpen } from './results/is-open';
export { EXIT, exitCode, type ExitCode, type ExitOptions } from './results/exit-code';
export { evidenceFields } from './evidence/evidence-fields';
export { histogramOf } from './results/latency';
export { mergeReports } from './results/merge';
export type { Part } from './results/merge-part';
export {
  type Change,
  type CompareOptions,
  compareReports,
  type Comparison,
  COMPARISON_SCHEMA,
  comparisonExitCode,
  type CutShort,
  type Group,
  type Side,
} from './results/compare';
export {
  changesOf,
  type HistoryChange,
  type HostHistory,
  type RequirementHistory,
  type RunHistory,
  runHistory,
  type SavedRun,
} from './results/run-history';
export { type Course, courseOf } from './results/course';
export {
  type CountChange,
  DEFAULT_TOLERANCES,
  type LatencyChange,
  type Tolerances,
} from './results/compare-measures';
export { type ClassOptions, failureClass } from './results/failure-class';
export { countsInWords, failuresOf, type Verdict, verdictOf } from './results/wording';
export { writeJson } from './formats/json';
export { writeJUnit } from './formats/junit';
export { writeMarkdown, type MarkdownOptions } from './markdown/markdown';
export { writeHtml } from './html/report';
export { githubAnnotations } from './formats/github';
export { writeConsole } from './console/report';
export { trajectoryTable } from './console/sections';
export type { ConsoleOptions } from './console/style';
export { writeComparisonConsole } from './comparison/console';
export { writeComparisonMarkdown } from './comparison/markdown';
export { writeComparisonHtml } from './comparison/html';
export { matrixSite, type SiteFile, type SiteOptions } from './matrix/site';
