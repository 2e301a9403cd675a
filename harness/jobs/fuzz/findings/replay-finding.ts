import { type ConnectionObserver, HostFailure } from '../../../client';
import { formatDuration } from '../../../support/duration';
import type { Random } from '../../../support/random';
import type { Target } from '../../../target';
import type { RunContext } from '../../../cases/conduct/capabilities';
import type { Finding } from './finding';
import { learnCapabilities } from '../../../cases/conduct/probe';
import { type Revival, TargetDied, USUAL_REVIVAL } from '../../../cases/conduct/revive';
import { isToBeNarrowed, narrowDeath } from './narrow-death';
import { Reproducer } from './reproduce';
import { groupOf, type Violation } from '../../../cases/judge/violation';

/** What became of a finding. */
export interface Replayed {
  readonly state: 'fixed' | 'still-failing' | 'flaky';
  readonly attempts: number;
  readonly failures: number;
  /** As the host shows it now; null where it does not. */
  readonly violation: Violation | null;
  /** What the host does wrong instead. */
  readonly others: readonly Violation[];
  /** Of a death that several cases may have caused, the finding with the one that the host dies of alone. */
  readonly narrowed: Finding | null;
  /** How the host was asked. */
  readonly context: RunContext;
}

export interface ReplayFindingOptions {
  readonly timeoutMs: number;
  readonly random: Random;
  readonly attempts: number;
  readonly observer?: ConnectionObserver | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How a host that is gone is waited for. */
  readonly revival?: Revival;
  /** It may be gone already when this begins. */
  readonly isWaitedFor?: boolean;
}

/**
 * Runs a finding's cases again and again, with machines and applications that the host has not met, so that it does not matter what it has
 * counted.
 * @throws HostFailure where the host cannot be reached
 */
export async function replayFinding(
  finding: Finding,
  target: Target,
  options: ReplayFindingOptions,
): Promise<Replayed> {
  const { random, attempts } = options;
  const { controls } = target;
  const context = await contextOf(target, options);
  const reproducer = new Reproducer(context, controls, random, true, options.revival);
  const narrowed = isToBeNarrowed(finding)
    ? await narrowDeath(finding, reproducer, (text) => options.revival?.tell?.(text))
    : null;
  if (narrowed !== null)
    return {
      state: 'still-failing',
      attempts: 1,
      failures: 1,
      violation: narrowed,
      others: [],
      narrowed,
      context,
    };
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
  return {
    state,
    attempts: done,
    failures,
    violation: shown,
    others: [...others.values()],
    narrowed,
    context,
  };
}

const PAUSE_MS = 250;

/** How the host is asked, once it is there. @throws HostFailure */
async function contextOf(
  { endpoint, profile, mac, clock }: Target,
  { timeoutMs, random, observer, signal, revival = USUAL_REVIVAL, isWaitedFor = false }: ReplayFindingOptions,
): Promise<RunContext> {
  const base = { endpoint, profile, mac, timeoutMs, observer, signal };
  const startedAt = performance.now();
  for (let isTold = false; ; isTold = true) {
    try {
      return { ...base, capabilities: await learnCapabilities(base, random, clock.now()) };
    } catch (error) {
      const isOver = performance.now() - startedAt > revival.withinMs || signal?.aborted === true;
      if (!(error instanceof HostFailure) || !isWaitedFor || isOver) throw error;
      if (!isTold)
        revival.tell?.(`the host is gone: it is waited for up to ${formatDuration(revival.withinMs / 1000)}`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

async function tried(reproducer: Reproducer, finding: Finding): Promise<readonly Violation[] | null> {
  try {
    return await reproducer.violationsOf(finding.cases, { looksAtLife: true });
  } catch (error) {
    if (error instanceof TargetDied) return null;
    throw error;
  }
}
