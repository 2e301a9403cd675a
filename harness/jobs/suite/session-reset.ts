import { HostFailure } from '../../client';
import { OTHER_APPLICATION, resetProblem } from '../../target/reset-check';
import { ControlFailure } from '../../target';
import { machine } from './host/machines';
import { NotGranted } from './host/reply';
import type { RequestDriver } from './host/request-driver';
import type { Session } from './session';
import { Inconclusive } from './verdict';

/** Resets the host of a run once, and sees whether that emptied it; see `resetProblem`. */
export async function sessionResetProblem(session: Session, host: RequestDriver): Promise<string | null> {
  try {
    const problem = await resetProblem({
      own: async () => (await host.activate(session.regular)).count,
      another: async () => void (await host.activate(machine())),
      stranger: async () => {
        const reply = await host.ask(machine(), { applicationId: OTHER_APPLICATION });
        return reply.kind === 'granted' ? reply.count : null;
      },
      reset: async () => {
        await session.pace.control('reset', () => session.options.target.controls.reset!());
        session.possibleStates.reset();
      },
    });
    if (problem !== null) session.possibleStates.forget();
    return problem;
  } catch (error) {
    // What a scenario meets again is told there.
    const expected = [ControlFailure, HostFailure, NotGranted, Inconclusive];
    if (expected.some((kind) => error instanceof kind)) return null;
    throw error;
  }
}
