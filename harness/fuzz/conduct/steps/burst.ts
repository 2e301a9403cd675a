import type { AskStep, BurstStep, FieldChange, FuzzCase } from '../../case';
import type { Grant } from '../../judge/case-judge';
import { tagsOf } from '../../judge/coverage-tags';
import type { Dialogue } from '../dialogue';
import { MACHINES } from '../../generate/identity-arbitrary';
import { goodAsk, nameOf, type RenderedAsk, renderAsk } from '../render';
import { renderContextOf, type StepRunner } from './step-runner';

/** Connections that no other step uses. */
const FIRST_CONNECTION = 100;
/** A part of the CMIDs of machines that only a burst has. */
const FIRST_MACHINE = 0xb000;

/** New machines that ask at once, a connection each: whatever the order, each is counted once, and hears of itself alone. */
export const burst: StepRunner<BurstStep> = async (step, stage) => {
  const { fuzzCase, connections, judge, tools } = stage;
  const tags = tagsOf(step);
  const ready: { dialogue: Dialogue; asked: RenderedAsk }[] = [];
  for (let i = 0; i < step.count; i++) {
    const bound = await connections.bound(FIRST_CONNECTION + i, 'ndr32', tags);
    if (bound === null) return;
    const [alone, ask] = askOf(fuzzCase, step, i);
    const asked = renderAsk(alone, ask, bound.context, renderContextOf(stage));
    tools.watch.remember(asked.request);
    ready.push({ dialogue: bound.dialogue, asked });
  }
  await Promise.all(ready.map(({ dialogue, asked }) => dialogue.send(asked.bytes)));
  const heard = await Promise.all(ready.map(({ dialogue }) => dialogue.hear()));
  const grants: Grant[] = [];
  for (const [i, { asked }] of ready.entries())
    judge.judge(asked, heard[i]!, tags, (grant) => void grants.push(grant));
  judge.grantedTogether(grants);
};

function askOf(fuzzCase: FuzzCase, step: BurstStep, i: number): [FuzzCase, AskStep] {
  const number = FIRST_MACHINE + i;
  const machine = `${fuzzCase.canary.toString(16).padStart(8, '0')}-0000-4000-8000-0000000${number.toString(16)}a`;
  const alone = { ...fuzzCase, machines: [machine] };
  const message: FieldChange[] = [
    { field: 'workstationName', mode: 'valid', value: nameOf(fuzzCase, MACHINES + i) },
  ];
  if (step.requiredClientCount !== null)
    message.push({ field: 'requiredClientCount', mode: 'boundary', value: step.requiredClientCount });
  return [alone, { ...goodAsk(alone), application: step.application, server: step.server, message }];
}
