import type { AskStep } from '../../case';
import { tagsOfAsk } from '../../judge/coverage-tags';
import { renderAsk } from '../render';
import { renderContextOf, type StepRunner } from './step-runner';

/** One request. Where the host may wait for more, this side is ended, so that it has to react all the same. */
export const ask: StepRunner<AskStep> = async (step, stage) => {
  const { fuzzCase, connections, judge, tools } = stage;
  const tags = tagsOfAsk(fuzzCase, step);
  const bound = await connections.bound(step.on, step.syntax, tags);
  if (bound === null) return;
  const { dialogue, context } = bound;
  const asked = renderAsk(fuzzCase, step, context, renderContextOf(stage));
  tools.watch.remember(asked.request);
  await dialogue.send(asked.bytes, step.cuts);
  if (asked.expectation.mustReact) return judge.judge(asked, await dialogue.hear(), tags);
  const { heard, released } = await dialogue.finish();
  judge.judge(asked, heard[0] ?? { kind: 'closed' }, tags);
  if (!released) judge.unreleased();
};
