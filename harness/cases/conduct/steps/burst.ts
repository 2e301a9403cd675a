import type { AskStep, BurstStep, FieldChange, FuzzCase } from '../../case';
import type { Grant } from '../../judge/case-judge';
import { tagsOf } from '../../tags';
import { MACHINES } from '../../generate/identity-arbitrary';
import { goodAsk, nameOf } from '../render';
import { askAndJudge, type Asking, askOn, ready } from './asking';
import { inTurn, type StepContext, StepRunner } from './step-runner';

/** Connections that no other step uses. */
const FIRST_CONNECTION = 100;
/** A part of the CMIDs of machines that only a burst has. */
const FIRST_MACHINE = 0xb000;

/**
 * Machines that ask at once, a connection each: whatever the order, each is counted once, and hears of itself alone. Afterwards each new one asks
 * alone, and one more: who was forgotten shows in their counts.
 */
export const burst: StepRunner<BurstStep> = async (step, stage) => {
  const { fuzzCase, judge } = stage;
  const tags = tagsOf(step);
  const askingOf = (i: number): Asking => {
    const [alone, ask] = askOf(fuzzCase, step, i);
    return { on: FIRST_CONNECTION + i, syntax: 'ndr32', tags, fuzzCase: alone, ask };
  };
  const sends: (() => ReturnType<typeof askOn>)[] = [];
  for (let i = 0; i < step.count; i++) {
    const asking = askingOf(i);
    const bound = await ready(asking, stage);
    if (bound === null) return;
    sends.push(() => askOn(bound, asking, stage));
  }
  await inTurn(stage, step, async () => {
    const grants: Grant[] = [];
    for (const asked of await Promise.all(sends.map((send) => send())))
      if (asked !== null) judge.judge(asked.asked, asked.heard, tags, (grant) => void grants.push(grant));
    judge.grantedTogether(grants);
  });
  if (step.machine !== undefined) return;
  // The newest first: a client that was forgotten is counted again once it asks, and hides what the others would have shown.
  for (const i of [...Array(step.count).keys()].reverse())
    if (!(await askAlone(step, askingOf(i), stage))) return;
  await askAlone(step, askingOf(step.count), stage);
};

/** @returns false where nothing more is to be asked: there is no context, or no answer */
async function askAlone(step: BurstStep, asking: Asking, stage: StepContext): Promise<boolean> {
  const bound = stage.judge.silent ? null : await ready(asking, stage);
  return bound !== null && (await inTurn(stage, step, () => askAndJudge(bound, asking, stage)));
}

function askOf(fuzzCase: FuzzCase, step: BurstStep, i: number): [FuzzCase, AskStep] {
  const { machine: known, application, server } = step;
  const policy: FieldChange[] =
    step.requiredClientCount === null
      ? []
      : [{ field: 'requiredClientCount', mode: 'boundary', value: step.requiredClientCount }];
  if (known !== undefined)
    return [fuzzCase, { ...goodAsk(fuzzCase), machine: known, application, server, message: policy }];
  const number = FIRST_MACHINE + i;
  const machine = `${fuzzCase.canary.toString(16).padStart(8, '0')}-0000-4000-8000-0000000${number.toString(16)}a`;
  const alone = { ...fuzzCase, machines: [machine] };
  const name: FieldChange = {
    field: 'workstationName',
    mode: 'valid',
    value: nameOf(fuzzCase, MACHINES + i),
  };
  return [alone, { ...goodAsk(alone), application, server, message: [name, ...policy] }];
}
