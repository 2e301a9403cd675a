import { HostFailure } from '../client';
import { ControlFailure } from '../target';
import type { HostUnderTest } from './host-under-test';
import { machine } from './machines';
import type { Session } from './session';
import { Deviation, Inconclusive } from './verdict';

/**
 * What asks beside a scenario belongs to an application of its own: a host counts that apart or refuses it, and is alive
 * in either case.
 */
export const OTHER_APPLICATION = '6b6d7373-7065-4063-8000-616c69766521';

/** A count that no host has right after a reset, however it miscounts its first client. */
const TELLING_COUNT = 4;

/**
 * Resets the host once, and sees whether it forgot what it counted. A host that answers its first client wrongly is not
 * taken for one that was not reset: only one whose count goes on from where it stood, and that does not give that answer to
 * whoever asks, was not.
 * @returns why the control cannot be trusted; null where it can, or where nothing can be said
 */
export async function resetProblem(session: Session, host: HostUnderTest): Promise<string | null> {
  try {
    const before = await tellingCount(session, host);
    await session.options.target.controls.reset!();
    session.ledger.reset();
    if (before < TELLING_COUNT) return null;
    const { count } = await host.activate(session.regular);
    if (count < before || (await answersAnybody(host, count))) return null;
    session.ledger.forget();
    return `the control reset exited 0, but the host still counts ${count}`;
  } catch (error) {
    // What a scenario meets again is told there.
    const expected = [ControlFailure, HostFailure, Deviation, Inconclusive];
    if (expected.some((kind) => error instanceof kind)) return null;
    throw error;
  }
}

/** The count, raised by new machines where it is low, as the run's own client is told it. */
async function tellingCount(session: Session, host: HostUnderTest): Promise<number> {
  let { count } = await host.activate(session.regular);
  for (let added = 0; count < TELLING_COUNT && added < TELLING_COUNT; added++) {
    await host.activate(machine());
    ({ count } = await host.activate(session.regular));
  }
  return count;
}

/** Whether a new machine of an application that nobody has is told the same count: then that count says nothing. */
async function answersAnybody(host: HostUnderTest, count: number): Promise<boolean> {
  const reply = await host.ask(machine(), { applicationId: OTHER_APPLICATION });
  return reply.kind === 'granted' && reply.count === count;
}
