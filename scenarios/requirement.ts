import { expect as chaiExpect } from 'chai';
// chai is an ES module: so named, its types are found from CommonJS too, whatever the reader's `module` setting.
import type { expect as ChaiExpect } from 'chai' with { 'resolution-mode': 'import' };
import type { ScenarioContext } from '../harness/runner/context';
import type { Needs } from '../harness/runner/needs';
import { registerScenario } from '../harness/runner/registry';
import type { RequirementEntry } from '../harness/runner/requirement-entry';
import { type RequirementId, requirementEntry } from './catalogue';

export { FAULT, HRESULT, verifyMac } from '../protocol';
export type { Dialogue } from '../harness/runner/host/dialogue';
export { type KeyTier, keyOf } from '../harness/runner/host/key-knowledge';
export { offering } from '../harness/runner/host/offers';
export * from '../harness/runner/host/reading';
export type { Reaction } from '../harness/runner/host/reply';
export { sealedRequest } from './sealed-requests';
export { inconclusive, untestable } from '../harness/runner/verdict';
export * from '../harness/runner/host/machines';
export type { ScenarioContext } from '../harness/runner/context';
export type { Needs } from '../harness/runner/needs';

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
  if (typeof needsOrBody === 'function') registerScenario({ entry, needs: {}, body: needsOrBody });
  else registerScenario({ entry, needs: needsOrBody, body: body! });
}
