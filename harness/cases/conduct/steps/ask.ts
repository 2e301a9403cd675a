import type { AskStep } from '../../case';
import { tagsOfAsk } from '../../tags';
import { silenceKinds } from '../../judge/expectation';
import { type Asking, askOn, ready } from './asking';
import { inTurn, type StepContext, type StepRunner, takesTurn, waitMs } from './step-runner';

/** One request. Where the host may wait for more, this side is ended, so that it has to react all the same. */
export const ask: StepRunner<AskStep> = async (step, stage) => {
  const { fuzzCase } = stage;
  const tags = tagsOfAsk(fuzzCase, step);
  const asking = { on: step.on, syntax: step.syntax, tags, fuzzCase, ask: step };
  const bound = await ready(asking, stage);
  if (bound === null) return;
  const { expectation } = bound.asked;
  const kinds = silenceKinds(tags, expectation);
  const patienceMs = waitMs(stage, kinds);
  const send = (): Promise<void> =>
    expectation.mustReact
      ? askAndHear(bound, { ...asking, patienceMs }, stage)
      : askAndEnd(bound, { ...asking, patienceMs }, stage);
  // What a host is known to be silent about is not waited for while others wait for their turn.
  const isBeside = expectation.granted === null && stage.tools.context.patience?.isSilent(kinds) === true;
  if (!isBeside || !takesTurn(step, stage)) return inTurn(stage, step, send);
  stage.judge.isComeToLater(bound.asked);
  return send();
};

type Ready = NonNullable<Awaited<ReturnType<typeof ready>>>;

async function askAndHear(bound: Ready, asking: Asking, stage: StepContext): Promise<void> {
  const { tools, judge } = stage;
  const asked = await askOn(bound, asking, stage);
  if (asked === null) return;
  const { heard, tookMs } = asked;
  if (heard.kind === 'call') tools.context.patience?.answered(tookMs);
  judge.judge(asked.asked, heard, asking.tags);
  tools.trace?.took(tookMs, tools.context.patience?.answerMs ?? tookMs);
}

async function askAndEnd(
  { caseConnection, asked }: Ready,
  { ask: { cuts }, patienceMs, tags }: Asking,
  { judge }: StepContext,
): Promise<void> {
  await caseConnection.send(asked.bytes, cuts);
  caseConnection.spoil();
  const { heard, released, served } = await caseConnection.finishBehind(patienceMs);
  judge.judge(asked, heard[0] ?? { kind: 'closed' }, tags);
  if (!released) judge.unreleased(served);
}
