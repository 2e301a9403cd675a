import type { CloseStep } from '../../case';
import { tagsOf } from '../../tags';
import type { CaseConnection } from '../case-connection';
import { goodAsk, renderAsk, type RenderedAsk } from '../render';
import { inTurn, renderContextOf, type StepContext, type StepRunner, waitMs } from './step-runner';

/** The end of a connection, in the middle of a good request or behind it. */
export const close: StepRunner<CloseStep> = async (step, stage) => {
  const { fuzzCase, connections } = stage;
  const tags = tagsOf(step);
  const bound = await connections.bound(step.on, 'ndr32', tags);
  if (bound === null) return;
  const { caseConnection, context } = bound;
  const asked = renderAsk(fuzzCase, goodAsk(fuzzCase), context, renderContextOf(stage));
  await inTurn(stage, step, () => sendAndEnd(step, caseConnection, asked, stage));
};

async function sendAndEnd(
  step: CloseStep,
  caseConnection: CaseConnection,
  asked: RenderedAsk,
  stage: StepContext,
): Promise<void> {
  const { judge } = stage;
  const tags = tagsOf(step);
  const sent = asked.bytes.subarray(0, step.after ?? 0);
  const isWhole = sent.length === asked.bytes.length;
  if (sent.length > 0) await caseConnection.send(sent);
  if (step.how === 'reset') {
    caseConnection.drop('reset');
    if (isWhole) judge.lost(asked.request);
    return;
  }
  if (!isWhole && sent.length > 0) caseConnection.spoil();
  const patienceMs = waitMs(stage, tags);
  const { heard, released, served } = await (isWhole
    ? caseConnection.finishBehind(patienceMs)
    : caseConnection.finish(patienceMs));
  const [first] = heard;
  const isEnd = first!.kind === 'closed' || first!.kind === 'reset';
  if (isWhole && !isEnd) judge.judge(asked, first!, tags);
  else judge.note(first!, tags);
  if (isWhole && isEnd) {
    // A host may take the client's end for the end of the dialogue, or let go before its answer is ready: no source has it answer behind it.
    judge.lost(asked.request);
    judge.suspect();
  }
  if (!released) judge.unreleased(served);
}
