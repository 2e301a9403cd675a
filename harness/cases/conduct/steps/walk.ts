import type { AskStep, FieldChange, FuzzCase, WalkStep } from '../../case';
import { tagsOf } from '../../tags';
import { goodAsk, nameOf } from '../render';
import { askAndJudge, ready } from './asking';
import { inTurn, type StepRunner } from './step-runner';

/** A connection that no other step uses. */
const CONNECTION = 99;
/** A part of the CMIDs of machines that only a walk has; names are numbered behind those of bursts. */
const FIRST_MACHINE = { server: 0xc000, client: 0xe000 } as const;
const FIRST_NAME = 1000;

/** New machines one after the other on one connection, or on new ones where the host ends it: every count on the way is looked at. */
export const walk: StepRunner<WalkStep> = async (step, stage) => {
  const { fuzzCase, judge } = stage;
  const tags = tagsOf(step);
  for (let i = 0; i < step.count && !judge.silent; i++) {
    const [alone, ask] = askOf(fuzzCase, step, i);
    const asking = { on: CONNECTION, syntax: 'ndr32', tags, fuzzCase: alone, ask } as const;
    const bound = await ready(asking, stage);
    if (bound === null || !(await inTurn(stage, step, () => askAndJudge(bound, asking, stage)))) return;
  }
};

function askOf(fuzzCase: FuzzCase, { server, application }: WalkStep, i: number): [FuzzCase, AskStep] {
  const number = FIRST_MACHINE[server ? 'server' : 'client'] + i;
  const machine = `${fuzzCase.canary.toString(16).padStart(8, '0')}-0000-4000-8000-0000000${number.toString(16)}a`;
  const alone = { ...fuzzCase, machines: [machine] };
  const name: FieldChange = {
    field: 'workstationName',
    mode: 'valid',
    value: nameOf(fuzzCase, FIRST_NAME + i),
  };
  return [alone, { ...goodAsk(alone), application, server, message: [name] }];
}
