import { CONTEXT_RESULT, type TransferSyntax } from '../../../../protocol';
import type { BindStep } from '../../case';
import { tagsOf } from '../../tags';
import type { CaseConnection, Negotiated } from '../case-connection';
import { BIND_CALL_ID, renderBind } from '../render';
import { violation } from '../../judge/violation';
import { type StepContext, type StepRunner, waitMs } from './step-runner';

/** A bind on a new connection, an alter_context on one that is bound; calls go to the context from then on. */
export const bind: StepRunner<BindStep> = async (step, stage) => {
  const { connections, judge, tools } = stage;
  const tags = tagsOf(step);
  const caseConnection = await connections.open(step.on);
  const alter = caseConnection.bound;
  const syntax = tools.context.capabilities.ndr64 ? step.syntax : 'ndr32';
  const group = step.groupOf === undefined ? 0 : connections.groupOf(step.groupOf);
  // Whether a host says no, or nothing, goes by what is offered on what connection.
  const kinds = [...tags, `${alter ? 'alter_context' : 'bind'} ${syntax}`];
  const patienceMs = waitMs(stage, kinds);
  const pdu = renderBind({ ...step, syntax }, alter, group);
  const heard = await caseConnection.negotiate(pdu, patienceMs, group);
  if ('results' in heard) {
    tools.coverage.add(tags, 'answered');
    tools.context.patience?.heard(kinds, false);
    return judgeResults(step, heard, { caseConnection, alter, syntax }, stage);
  }
  judge.note(heard, tags, kinds);
  if (heard.kind === 'wrong') judge.found(heard.violation);
  if (heard.kind === 'timeout' || heard.kind === 'reset') judge.suspect();
  // What a host makes of a context that it has already, under another syntax, no clause says: it may well say nothing.
  if (heard.kind === 'timeout' && !alter && step.body.length === 0 && syntax === 'ndr32')
    judge.found(violation('in-time', 'RPC-01', 'no answer to a bind', 'an answer', 'nothing'));
  caseConnection.drop('fin');
};

function judgeResults(
  step: BindStep,
  { callId, results }: Negotiated,
  {
    caseConnection,
    alter,
    syntax,
  }: { caseConnection: CaseConnection; alter: boolean; syntax: TransferSyntax },
  { judge }: StepContext,
): void {
  if (callId !== BIND_CALL_ID)
    judge.found(violation('conforms', 'RPC-06', 'call_id of a bind', BIND_CALL_ID, callId));
  // What was offered then is not what the step says.
  if (step.body.length > 0) return caseConnection.drop('fin');
  const contexts = step.features ? 2 : 1;
  if (results.length !== contexts)
    judge.found(
      violation(
        'conforms',
        step.features ? 'RPC-05' : 'RPC-01',
        'number of results',
        contexts,
        results.length,
      ),
    );
  if (results[0]?.result === CONTEXT_RESULT.acceptance)
    caseConnection.choose({ contextId: step.contextId, syntax });
  else if (!alter && syntax === 'ndr32')
    judge.found(violation('conforms', 'RPC-01', 'offer of ndr32 alone', 'acceptance', 'rejection'));
  else judge.remark(`rejects ${syntax} in ${alter ? 'an alter_context' : 'a bind'}`);
}
