import { readAnswer } from '../../../../protocol';
import type { PiecesStep } from '../../case';
import { tagsOf } from '../../tags';
import { goodRequest, renderPieces } from '../render';
import { drain, inTurn, renderContextOf, type StepRunner } from './step-runner';

/** Any fragments: what a host makes of those that do not join is its own affair, as long as it reacts to the end. */
export const pieces: StepRunner<PiecesStep> = async (step, stage) => {
  const { fuzzCase, connections, judge } = stage;
  const tags = tagsOf(step);
  const bound = await connections.bound(step.on, 'ndr32', tags);
  if (bound === null) return;
  const { caseConnection, context } = bound;
  const rendering = renderContextOf(stage);
  // A cancel or an orphaned has its own meaning; of fragments that do not join a host may await more.
  if (step.pieces.some(({ instead }) => instead === null)) caseConnection.spoil();
  const bytes = renderPieces(fuzzCase, step, context, rendering);
  const request = goodRequest(fuzzCase, { ...step, server: true }, rendering.requestTime);
  return inTurn(stage, step, async () => {
    await caseConnection.send(bytes);
    let isAnswered = false;
    for (const heard of await drain(caseConnection, stage, tags, request.clientMachineId)) {
      const answer =
        heard.kind === 'call' && heard.pdu.kind === 'response' ? readAnswer(heard.pdu, context.syntax) : null;
      if (answer?.kind !== 'response') continue;
      isAnswered = true;
      judge.granted({ request, count: answer.value.currentClientCount });
    }
    // Behind the client's end a host may have let go before its answer was ready.
    if (!isAnswered) judge.lost(request);
  });
};
