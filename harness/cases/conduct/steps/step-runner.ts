import type { FuzzCase, Step } from '../../case';
import type { CaseConnections } from '../case-connections';
import type { CaseJudge } from '../../judge/case-judge';
import type { CaseTools } from '../case-tools';
import type { CaseConnection, Heard } from '../case-connection';
import { mayStepBeCounted } from '../may-be-counted';
import type { RenderContext } from '../render';

/** The case that a step belongs to, and all that it works with. */
export interface StepContext {
  readonly fuzzCase: FuzzCase;
  readonly tools: CaseTools;
  readonly judge: CaseJudge;
  readonly connections: CaseConnections;
}

/** Does what a step says, and has the judge see what comes of it. @throws HostFailure where the host cannot be connected to */
export type StepRunner<S extends Step> = (step: S, stage: StepContext) => Promise<void>;

export function renderContextOf({ tools }: StepContext): RenderContext {
  const { capabilities, mac } = tools.context;
  return { requestTime: capabilities.requestTime, mac };
}

/** Sends what may be counted, and judges what comes of it, while nothing else is under way that may be: where the table is everybody's. */
export function inTurn<T>(stage: StepContext, step: Step, run: () => Promise<T>): Promise<T> {
  return takesTurn(step, stage) ? stage.tools.turns!.take(run) : run();
}

export const takesTurn = (step: Step, { tools: { turns } }: StepContext): boolean =>
  turns !== undefined && mayStepBeCounted(step);

/** How long a reaction to something of these kinds is waited for, in ms. */
export function waitMs({ tools: { context } }: StepContext, tags: readonly string[]): number {
  return context.patience?.waitMs(tags) ?? context.timeoutMs;
}

/** Ends this side and hears all that still comes: every PDU must be sound, and the host must let go. */
export async function drain(
  caseConnection: CaseConnection,
  stage: StepContext,
  tags: readonly string[],
  owner: string,
): Promise<readonly Heard[]> {
  const { judge } = stage;
  const { heard, released, served } = await caseConnection.finishBehind(waitMs(stage, tags));
  judge.note(heard[0]!, tags);
  judge.receivedMeanwhile(heard, owner);
  if (!released) judge.unreleased(served);
  else if (heard.at(-1)?.kind === 'reset') judge.suspect();
  return heard;
}
