import { CONTEXT_RESULT, type TransferSyntax } from '../../../../protocol';
import type { BindStep } from '../../case';
import { tagsOf } from '../../judge/coverage-tags';
import type { Dialogue, Negotiated } from '../dialogue';
import { BIND_CALL_ID, renderBind } from '../render';
import { violation } from '../../judge/violation';
import { type Stage, type StepRunner } from './step-runner';

/** A bind on a new connection, an alter_context on one that is bound; calls go to the context from then on. */
export const bind: StepRunner<BindStep> = async (step, stage) => {
  const { connections, judge, tools } = stage;
  const tags = tagsOf(step);
  const dialogue = await connections.open(step.on);
  const alter = dialogue.bound;
  const syntax = tools.context.capabilities.ndr64 ? step.syntax : 'ndr32';
  const heard = await dialogue.negotiate(renderBind({ ...step, syntax }, alter));
  if ('results' in heard) {
    tools.coverage.add(tags, 'answered');
    return judgeResults(step, heard, { dialogue, alter, syntax }, stage);
  }
  judge.note(heard, tags);
  if (heard.kind === 'wrong') judge.found(heard.violation);
  if (heard.kind === 'timeout' || heard.kind === 'reset') judge.suspect();
  if (heard.kind === 'timeout')
    judge.found(violation('in-time', 'no answer to a bind', 'an answer', 'nothing'));
  dialogue.drop('fin');
};

function judgeResults(
  step: BindStep,
  { callId, results }: Negotiated,
  { dialogue, alter, syntax }: { dialogue: Dialogue; alter: boolean; syntax: TransferSyntax },
  { judge }: Stage,
): void {
  if (callId !== BIND_CALL_ID)
    judge.found(violation('conforms', 'call_id of a bind (RPC-06)', BIND_CALL_ID, callId));
  // What was offered then is not what the step says.
  if (step.body.length > 0) return dialogue.drop('fin');
  const contexts = step.features ? 2 : 1;
  if (results.length !== contexts)
    judge.found(violation('conforms', 'number of results', contexts, results.length));
  if (results[0]?.result === CONTEXT_RESULT.acceptance)
    dialogue.choose({ contextId: step.contextId, syntax });
  else if (!alter)
    judge.found(violation('conforms', `offer of ${syntax} alone (RPC-01)`, 'acceptance', 'rejection'));
}
