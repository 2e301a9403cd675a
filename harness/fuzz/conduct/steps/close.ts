import type { CloseStep } from '../../case';
import { tagsOf } from '../../judge/coverage-tags';
import { goodAsk, renderAsk } from '../render';
import { renderContextOf, type StepRunner } from './step-runner';

/** The end of a connection, in the middle of a good request or behind it. */
export const close: StepRunner<CloseStep> = async (step, stage) => {
  const { fuzzCase, connections, judge } = stage;
  const tags = tagsOf(step);
  const bound = await connections.bound(step.on, 'ndr32', tags);
  if (bound === null) return;
  const { dialogue, context } = bound;
  const asked = renderAsk(fuzzCase, goodAsk(fuzzCase), context, renderContextOf(stage));
  const sent = asked.bytes.subarray(0, step.after ?? 0);
  const isWhole = sent.length === asked.bytes.length;
  if (sent.length > 0) await dialogue.send(sent);
  if (step.how === 'reset') {
    dialogue.drop('reset');
    if (isWhole) judge.lost(asked.request);
    return;
  }
  const { heard, released } = await dialogue.finish();
  if (isWhole) judge.judge(asked, heard[0]!, tags);
  else judge.note(heard[0]!, tags);
  if (!released) judge.unreleased();
};
