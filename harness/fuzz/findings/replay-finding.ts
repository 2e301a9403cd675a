import type { ConnectionObserver } from '../../client';
import type { Random } from '../../random';
import type { Target } from '../../target';
import type { RunContext } from '../conduct/capabilities';
import type { Finding } from './finding';
import { learnCapabilities } from '../conduct/probe';
import { Reproducer, TargetDied } from './reproduce';
import { groupOf, type Violation } from '../judge/violation';

/** What became of a finding. */
export interface Replayed {
  readonly state: 'fixed' | 'still-failing' | 'flaky';
  readonly attempts: number;
  readonly failures: number;
  /** As the host shows it now; null where it does not. */
  readonly violation: Violation | null;
  /** What the host does wrong instead. */
  readonly others: readonly Violation[];
}

export interface ReplayFindingOptions {
  readonly timeoutMs: number;
  readonly random: Random;
  readonly attempts: number;
  readonly observer?: ConnectionObserver | undefined;
}

/**
 * Runs a finding's cases again and again, with machines and applications that the host has not met, so that it does not matter what it has
 * counted.
 * @throws HostFailure where the host cannot be reached
 */
export async function replayFinding(
  finding: Finding,
  target: Target,
  { timeoutMs, random, attempts, observer }: ReplayFindingOptions,
): Promise<Replayed> {
  const { endpoint, profile, mac, clock, controls } = target;
  const base = { endpoint, profile, mac, timeoutMs, observer };
  const context: RunContext = { ...base, capabilities: await learnCapabilities(base, random, clock.now()) };
  const reproducer = new Reproducer(context, controls, random, true);
  const others = new Map<string, Violation>();
  let failures = 0;
  let shown: Violation | null = null;
  let done = 0;
  while (done < attempts) {
    const violations = await tried(reproducer, finding);
    // A host that nobody restarts has died of the attempt before.
    if (violations === null) break;
    done++;
    const same = violations.find((found) => groupOf(found) === groupOf(finding));
    if (same !== undefined) {
      failures++;
      shown = same;
    }
    for (const found of violations)
      if (groupOf(found) !== groupOf(finding)) others.set(groupOf(found), found);
  }
  if (failures > 0 && controls.restart !== undefined) await reproducer.revive();
  const state = failures === 0 ? 'fixed' : failures === done ? 'still-failing' : 'flaky';
  return { state, attempts: done, failures, violation: shown, others: [...others.values()] };
}

async function tried(reproducer: Reproducer, finding: Finding): Promise<readonly Violation[] | null> {
  try {
    return await reproducer.violationsOf(finding.cases, { looksAtLife: true });
  } catch (error) {
    if (error instanceof TargetDied) return null;
    throw error;
  }
}
