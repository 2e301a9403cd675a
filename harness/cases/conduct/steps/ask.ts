import type { AskStep } from '../../case';
import { tagsOfAsk } from '../../tags';
import { askOn, ready } from './asking';
import { type StepRunner, waitMs } from './step-runner';

/** One request. Where the host may wait for more, this side is ended, so that it has to react all the same. */
export const ask: StepRunner<AskStep> = async (step, stage) => {
  const { fuzzCase, judge, tools } = stage;
  const tags = tagsOfAsk(fuzzCase, step);
  const patienceMs = waitMs(stage, tags);
  const asking = { on: step.on, syntax: step.syntax, tags, fuzzCase, ask: step, patienceMs };
  const bound = await ready(asking, stage);
  if (bound === null) return;
  if (bound.asked.expectation.mustReact) {
    const asked = await askOn(bound, asking, stage);
    if (asked === null) return;
    const { heard, tookMs } = asked;
    if (heard.kind === 'call') tools.context.patience?.answered(tookMs);
    judge.judge(asked.asked, heard, tags);
    return tools.trace?.took(tookMs, tools.context.patience?.answerMs ?? tookMs);
  }
  const { caseConnection, asked } = bound;
  await caseConnection.send(asked.bytes, step.cuts);
  caseConnection.spoil();
  const { heard, released, served } = await caseConnection.finishBehind(patienceMs);
  judge.judge(asked, heard[0] ?? { kind: 'closed' }, tags);
  if (!released) judge.unreleased(served);
};
