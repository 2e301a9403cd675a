import type { FuzzCase } from '../../../cases/case';
import { CaseConnection } from '../../../cases/conduct/case-connection';
import { type RunContext, WINDOWS } from '../../../cases/conduct/capabilities';
import { askFor } from '../../../cases/conduct/probe';
import { HostFailure } from '../../../client';
import { readAnswer } from '../../../../protocol';
import type { Random } from '../../../support/random';
import type { Finding } from './finding';

/** Looks at the count of Windows, and the time between two of them, in ms. */
const LOOKS = 3;
const BETWEEN_MS = 250;

/** A table at which others may ask, too: that of Windows, where each case has one of its own beside it. */
const looksAtWindows = ({ applications, steps }: FuzzCase): boolean =>
  steps.some((step) => 'application' in step && applications[step.application] === WINDOWS);

/**
 * Why a wrong count may be owed to other clients that ask the host meanwhile; null where it is the host's own. The count of Windows moves by
 * itself then, or the count was right when the same was asked again.
 * @param pause between two looks
 */
export async function askedByOthers(
  { oracle, cases, reproduced }: Finding,
  context: RunContext,
  random: Random,
  pause: () => Promise<unknown> = () => new Promise((resolve) => setTimeout(resolve, BETWEEN_MS)),
): Promise<string | null> {
  const isApart = context.capabilities.countsApplicationsApart;
  if (oracle !== 'count' || !isApart || !cases.some(looksAtWindows)) return null;
  if (!reproduced) return 'others may have asked for Windows meanwhile';
  return (await moves(context, random.guid(), pause))
    ? 'others ask for Windows meanwhile: its count moves by itself'
    : null;
}

async function moves(context: RunContext, machine: string, pause: () => Promise<unknown>): Promise<boolean> {
  const first = await countOf(context, machine);
  for (let look = 1; look < LOOKS; look++) {
    await pause();
    if ((await countOf(context, machine)) !== first) return true;
  }
  return false;
}

/** The count of Windows; null where the host does not grant the request. @throws what is not of the host's doing */
async function countOf(context: RunContext, machine: string): Promise<number | null> {
  let connection: CaseConnection;
  try {
    connection = await CaseConnection.open(context);
  } catch (error) {
    if (error instanceof HostFailure) return null;
    throw error;
  }
  try {
    const heard = await askFor(connection, context, { application: WINDOWS, machine });
    const answer = heard.kind === 'call' ? readAnswer(heard.pdu, 'ndr32') : null;
    return answer?.kind === 'response' ? answer.value.currentClientCount : null;
  } finally {
    connection.drop('fin');
  }
}
