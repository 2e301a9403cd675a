import type { RawStep } from '../../case';
import { tagsOf } from '../../judge/coverage-tags';
import { heardOut, type StepRunner } from './step-runner';

/** The request is nobody's of this campaign: whatever its answer holds of a machine is a leak. */
const NOBODY = '';

/** Bytes that are no conversation. */
export const raw: StepRunner<RawStep> = async (step, stage) => {
  const { connections } = stage;
  const tags = tagsOf(step);
  const dialogue = step.bound
    ? (await connections.bound(step.on, 'ndr32', tags))?.dialogue
    : await connections.open(step.on);
  if (dialogue === undefined) return;
  await dialogue.send(step.bytes, step.cuts);
  await heardOut(dialogue, stage, tags, NOBODY);
};
