import type { AdvanceStep, RestartStep } from '../../case';
import type { StepRunner } from './step-runner';

export const advance: StepRunner<AdvanceStep> = async ({ seconds }, { tools, judge }) => {
  await tools.controls.advanceClock?.(seconds);
  judge.clockAdvanced(seconds);
};

export const restart: StepRunner<RestartStep> = async (_step, { tools, judge, connections }) => {
  await tools.controls.restart?.();
  connections.forget();
  judge.hostRestarted();
};
