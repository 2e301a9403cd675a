import { HostFailure } from '../client';
import { OTHER_APPLICATION, resetProblem } from '../reset-check';
import { ControlFailure } from '../target';
import type { HostUnderTest } from './host/host-under-test';
import { machine } from './host/machines';
import type { Session } from './session';
import { Deviation, Inconclusive } from './verdict';

/** Resets the host of a run once, and sees whether that emptied it; see `resetProblem`. */
export async function sessionResetProblem(session: Session, host: HostUnderTest): Promise<string | null> {
  try {
    const problem = await resetProblem({
      own: async () => (await host.activate(session.regular)).count,
      another: async () => void (await host.activate(machine())),
      stranger: async () => {
        const reply = await host.ask(machine(), { applicationId: OTHER_APPLICATION });
        return reply.kind === 'granted' ? reply.count : null;
      },
      reset: async () => {
        await session.options.target.controls.reset!();
        session.ledger.reset();
      },
    });
    if (problem !== null) session.ledger.forget();
    return problem;
  } catch (error) {
    // What a scenario meets again is told there.
    const expected = [ControlFailure, HostFailure, Deviation, Inconclusive];
    if (expected.some((kind) => error instanceof kind)) return null;
    throw error;
  }
}
