import { readAnswer } from '../../../../protocol';
import type { PiecesStep } from '../../case';
import { tagsOf } from '../../judge/coverage-tags';
import { goodRequest, renderPieces } from '../render';
import { heardOut, renderContextOf, type StepRunner } from './step-runner';

/** Any fragments: what a host makes of those that do not join is its own affair, as long as it reacts to the end. */
export const pieces: StepRunner<PiecesStep> = async (step, stage) => {
  const { fuzzCase, connections, judge } = stage;
  const tags = tagsOf(step);
  const bound = await connections.bound(step.on, 'ndr32', tags);
  if (bound === null) return;
  const { dialogue, context } = bound;
  const rendering = renderContextOf(stage);
  await dialogue.send(renderPieces(fuzzCase, step, context, rendering));
  const request = goodRequest(fuzzCase, { ...step, server: true }, rendering.requestTime);
  for (const heard of await heardOut(dialogue, stage, tags, request.clientMachineId)) {
    const answer =
      heard.kind === 'call' && heard.pdu.kind === 'response' ? readAnswer(heard.pdu, context.syntax) : null;
    if (answer?.kind === 'response') judge.granted({ request, count: answer.value.currentClientCount });
    if (heard.kind === 'reset') judge.lost(request);
  }
};
