import type { RawStep } from '../../case';
import { tagsOf } from '../../tags';
import { mayStepBeCounted } from '../may-be-counted';
import { drain, inTurn, type StepRunner } from './step-runner';

/** The request is nobody's of this campaign: whatever its answer holds of a machine is a leak. */
const NOBODY = '';

/** Bytes that are no conversation. */
export const raw: StepRunner<RawStep> = async (step, stage) => {
  const { connections } = stage;
  const tags = tagsOf(step);
  const caseConnection = step.bound
    ? (await connections.bound(step.on, 'ndr32', tags))?.caseConnection
    : await connections.open(step.on);
  if (caseConnection === undefined) return;
  if (step.bytes.length > 0) caseConnection.spoil();
  await inTurn(stage, step, async () => {
    await caseConnection.send(step.bytes, step.cuts);
    if (step.held === true) return;
    await drain(caseConnection, stage, tags, NOBODY);
    if (mayStepBeCounted(step)) stage.judge.tookAnything();
  });
};
