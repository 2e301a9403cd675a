import { HostFailure } from '../../client';
import type { FuzzCase } from '../case';
import { CaseConnections } from './case-connections';
import { CaseJudge } from '../judge/case-judge';
import type { CaseTools } from './case-tools';
import type { CaseConnection } from './case-connection';
import { runStep } from './steps';
import type { Violation } from '../judge/violation';

/** What a case came to. */
export interface CaseResult {
  readonly violations: readonly Violation[];
  /** Something happened that a host that died or hangs would show too: whether it is alive must be looked at. */
  readonly suspicious: boolean;
  /** The host could not even be connected to. */
  readonly unreachable: boolean;
  /** How long was waited at most for what did not come, in ms. */
  readonly gaveUpMs: number;
}

/**
 * Runs one case, step after step. It never throws for what a host does.
 * @param kept a connection to use for a single call, and to leave open
 */
export async function runCase(
  fuzzCase: FuzzCase,
  tools: CaseTools,
  kept: CaseConnection | null = null,
): Promise<CaseResult> {
  const judge = new CaseJudge(tools);
  const connections = new CaseConnections(tools.context, judge, fuzzCase, kept);
  let unreachable = false;
  try {
    for (const [at, step] of fuzzCase.steps.entries()) {
      tools.trace?.begins?.(at);
      await runStep(step, { fuzzCase, tools, judge, connections });
      if (judge.silent) break;
    }
    tools.trace?.begins?.(fuzzCase.steps.length);
    if (!judge.silent) await connections.finish();
  } catch (error) {
    if (!(error instanceof HostFailure)) throw error;
    unreachable = true;
  } finally {
    connections.drop();
  }
  const { violations, suspicious } = judge;
  const { gaveUpMs } = connections;
  return { violations, suspicious: suspicious || unreachable, unreachable, gaveUpMs };
}

/** Whether a case is one call that its connection survives, so that it can go over one that is kept. */
export function isSingleCall({ steps }: FuzzCase): boolean {
  const [step] = steps;
  return steps.length === 1 && step?.kind === 'ask' && step.header.length === 0;
}
