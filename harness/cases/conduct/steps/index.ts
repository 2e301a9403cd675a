import type { Step } from '../../case';
import { ask } from './ask';
import { bind } from './bind';
import { burst } from './burst';
import { close } from './close';
import { advance, restart } from './control';
import { pieces } from './pieces';
import { raw } from './raw';
import { walk } from './walk';
import type { StepContext, StepRunner } from './step-runner';

const RUNNERS: { readonly [K in Step['kind']]: StepRunner<Extract<Step, { readonly kind: K }>> } = {
  ask,
  pieces,
  raw,
  bind,
  close,
  burst,
  walk,
  advance,
  restart,
};

/** Does what a step says, whatever its kind. @throws HostFailure where the host cannot be connected to */
export function runStep(step: Step, stage: StepContext): Promise<void> {
  // Each kind has the runner of its own steps, which TypeScript does not follow through a union.
  return (RUNNERS[step.kind] as StepRunner<Step>)(step, stage);
}
