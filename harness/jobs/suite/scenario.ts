import type { Needs } from './needs';
import type { RequirementEntry } from './requirement-entry';
import type { ScenarioRun } from './scenario-run';

/** One scenario: which requirement it checks, what it needs, and how it checks. Rejecting or throwing is a verdict. */
export interface Scenario {
  readonly entry: RequirementEntry;
  readonly needs: Needs;
  readonly body: (run: ScenarioRun) => Promise<void> | void;
}
