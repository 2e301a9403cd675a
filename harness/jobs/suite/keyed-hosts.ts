import type { KeyGroup } from '../../../protocol';
import type { Target } from '../../target';
import type { AttemptEnding } from './attempt';
import type { Scenario } from './scenario';
import { type ScenarioOutcome, unchecked } from './scenario-outcome';

/** One of each tier and generation: together they show all that a key may grant, and all that it must not. */
const GROUPS: readonly KeyGroup[] = ['vista', '2008-a', '2008-b', 'r2-c', 'office2010'];

/** What says most of several outcomes of one scenario. What only some keys can show is shown by those. */
const WEIGHT: readonly ScenarioOutcome['outcome'][] = [
  'failed',
  'inconclusive',
  'not-run',
  'passed',
  'untestable',
];

/** Scenarios that need a host whose key grants something, and a target that can be had with one. */
export const needsKeyedHosts = ({ needs }: Scenario, target: Target): boolean =>
  needs.keyGroup === true && target.keyed !== undefined;

/** One pass over scenarios with a host that has such a key. */
type Pass = (
  target: Target,
  onOutcome: (scenario: Scenario, outcome: ScenarioOutcome) => void,
) => Promise<AttemptEnding>;

/**
 * Runs scenarios against a host of each key group in turn: the embedded host grants all, so that none of them shows by it alone.
 * @param onOutcome told once of each scenario
 * @returns how the passes ended: as the first that did not go to its end
 */
export async function runOnKeyedHosts(
  scenarios: readonly Scenario[],
  keyed: NonNullable<Target['keyed']>,
  pass: Pass,
  onOutcome: (scenario: Scenario, outcome: ScenarioOutcome) => void,
): Promise<AttemptEnding> {
  const tried = new Map<Scenario, ScenarioOutcome[]>(scenarios.map((scenario) => [scenario, []]));
  const endings: AttemptEnding[] = [];
  for (const group of GROUPS) {
    const target = await keyed(group);
    try {
      const ending = await pass(target, (scenario, outcome) =>
        tried.get(scenario)!.push(withKey(outcome, group)),
      );
      endings.push(ending);
    } finally {
      await target.close();
    }
  }
  for (const [scenario, outcomes] of tried) onOutcome(scenario, together(outcomes));
  return endedTogether(endings);
}

/** A failure says with which key. */
function withKey(outcome: ScenarioOutcome, group: KeyGroup): ScenarioOutcome {
  if (outcome.message === undefined) return outcome;
  return { ...outcome, message: `with a key of the group ${group}: ${outcome.message}` };
}

function together(outcomes: readonly ScenarioOutcome[]): ScenarioOutcome {
  const [first] = [...outcomes].sort((a, b) => WEIGHT.indexOf(a.outcome) - WEIGHT.indexOf(b.outcome));
  if (first === undefined) return unchecked('not-run', 'no host with a key was there');
  return { ...first, durationMs: outcomes.reduce((sum, { durationMs }) => sum + durationMs, 0) };
}

/** Several passes as one. */
export function endedTogether(endings: readonly AttemptEnding[]): AttemptEnding {
  const { ended, message } = endings.find((ending) => ending.ended !== 'complete') ?? { ended: 'complete' };
  return {
    ended,
    ...(message === undefined ? {} : { message }),
    diedIn: endings.flatMap(({ diedIn }) => diedIn),
    warnings: endings.flatMap(({ warnings }) => warnings),
  };
}
