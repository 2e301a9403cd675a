import { expect as chaiExpect } from 'chai';
// chai is an ES module: so named, its types are found from CommonJS too, whatever the reader's `module` setting.
import type { expect as ChaiExpect } from 'chai' with { 'resolution-mode': 'import' };
import type { Needs } from '../harness/jobs/suite/needs';
import { registerScenario } from '../harness/jobs/suite/registry';
import type { RequirementEntry } from '../harness/jobs/suite/requirement-entry';
import { type RequirementId, requirementEntry } from './catalogue';
import { contextOf, type ScenarioContext } from './context';

export { FAULT, HRESULT, verifyMac } from '../protocol';
export * from '../harness/jobs/suite/host/machines';
export type { Reaction } from '../harness/jobs/suite/host/reply';
export type { Needs } from '../harness/jobs/suite/needs';
export { inconclusive, untestable } from '../harness/jobs/suite/verdict';
export type { ScenarioContext } from './context';
export type { BoundConnection } from './host/bound-connection';
export { type KeyTier, keyOf } from './host/key-knowledge';
export { pdusOfAnswer, rightEdges } from './host/answer-octets';
export { furtherRequest } from './host/further-request';
export { lyingStubs } from './host/lying-stubs';
export { offering, UNKNOWN_SYNTAX } from './host/offers';
export type { Provocation } from './host/provocation';
export { hex } from '../harness/jobs/suite/wording/request';
export { Deviation } from './host/deviation';
export * from './host/expect-answer';
export * from './host/expect-field';
export type { Input } from './host/inputs';
export * from './host/reading';

/** chai's `expect`, so that scenarios of a user's own need no chai of their own. */
export const expect: typeof ChaiExpect = chaiExpect;

type Body = (context: ScenarioContext) => Promise<void> | void;

/**
 * Declares the scenario of a requirement: an id of the catalogue, or an entry of one's own. What it needs is seen to before
 * it runs; where the target cannot give it, the outcome is inconclusive or untestable, with the reason.
 */
export function requirement(id: RequirementId | RequirementEntry, body: Body): void;
export function requirement(id: RequirementId | RequirementEntry, needs: Needs, body: Body): void;
export function requirement(
  id: RequirementId | RequirementEntry,
  needsOrBody: Needs | Body,
  body?: Body,
): void {
  const entry = typeof id === 'string' ? requirementEntry(id) : id;
  const needs = typeof needsOrBody === 'function' ? {} : needsOrBody;
  const check = typeof needsOrBody === 'function' ? needsOrBody : body!;
  registerScenario({ entry, needs, body: (run) => check(contextOf(run)) });
}
