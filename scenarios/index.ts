/** What a scenario of one's own is written with, and the requirement catalogue. */
export * from './requirement';
export type { RequirementEntry } from '../harness/jobs/suite/requirement-entry';
export { CATALOGUE, requirementEntry, type RequirementId, SUITES } from './catalogue';
export { scenarioFiles } from './files';
