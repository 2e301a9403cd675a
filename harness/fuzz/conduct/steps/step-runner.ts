import type { FuzzCase, Step } from '../../case';
import type { CaseConnections } from '../case-connections';
import type { CaseJudge } from '../../judge/case-judge';
import type { CaseTools } from '../case-tools';
import type { Dialogue, Heard } from '../dialogue';
import type { RenderContext } from '../render';

/** The case that a step belongs to, and all that it works with. */
export interface Stage {
  readonly fuzzCase: FuzzCase;
  readonly tools: CaseTools;
  readonly judge: CaseJudge;
  readonly connections: CaseConnections;
}

/** Does what a step says, and has the judge see what comes of it. @throws HostFailure where the host cannot be connected to */
export type StepRunner<S extends Step> = (step: S, stage: Stage) => Promise<void>;

export function renderContextOf({ tools }: Stage): RenderContext {
  const { capabilities, mac } = tools.context;
  return { requestTime: capabilities.requestTime, mac };
}

/** Ends this side and hears all that still comes: every PDU must be sound, and the host must let go. */
export async function heardOut(
  dialogue: Dialogue,
  { judge }: Stage,
  tags: readonly string[],
  owner: string,
): Promise<readonly Heard[]> {
  const { heard, released } = await dialogue.finish();
  judge.note(heard[0]!, tags);
  judge.overheard(heard, owner);
  if (!released) judge.unreleased();
  else if (heard.at(-1)?.kind === 'reset') judge.suspect();
  return heard;
}
