import { CLIENT_THRESHOLD } from '../../../protocol';
import { HostFailure } from '../../client';
import { CountBeyondCapacity } from './count-beyond-capacity';
import type { RequestDriver } from './host/request-driver';
import { type Needs, readsJourney } from './needs';
import type { Session } from './session';
import { inconclusive } from './verdict';

/** Whether the run can bring the host to the empty state. */
export const canEmpty = ({ options, resetProblem, restartEmpties }: Session): boolean =>
  (options.target.controls.reset !== undefined && resetProblem === null) || restartEmpties;

/**
 * Brings the host to the state that a scenario starts from: empty, where that can be done; else as it is found, with its count
 * asked for by the run's own client.
 * @throws Inconclusive where the scenario cannot start from what was found; ControlFailure; HostFailure
 */
export async function establishPrecondition(
  session: Session,
  needs: Needs,
  host: RequestDriver,
): Promise<void> {
  if (session.grantsNothing !== null) inconclusive(session.grantsNothing);
  if (canEmpty(session)) return empty(session, host);
  if (session.onJourney && readsJourney(needs)) return;
  if (needs.fresh === true) {
    const why = session.resetProblem ?? session.journeyProblem;
    inconclusive(why ?? 'needs an empty host: configure controls.reset');
  }
  if (!session.onJourney) session.possibleStates.forget();
  const { count } = await host.activate(session.regular);
  const { mostPlaces } = session.counts;
  if (count > mostPlaces) throw new CountBeyondCapacity(count, mostPlaces);
  const limit = needs.countAtMost === undefined ? undefined : needs.countAtMost - placesLacking(session);
  const hasPlace = session.onJourney && needs.place !== undefined;
  if (limit !== undefined && count > limit && !hasPlace) {
    const why = session.resetProblem ?? 'there is no controls.reset';
    inconclusive(`the host counts ${count} machines, this needs at most ${limit}, and ${why}`);
  }
}

/** How many of the 50 places that scenarios reckon with the run's own client does not make: Office asks for 10 only. */
const placesLacking = (session: Session): number =>
  Math.max(0, 2 * (CLIENT_THRESHOLD - session.productOf(session.regular).requiredClientCount));

async function empty(session: Session, host: RequestDriver): Promise<void> {
  const { reset, restart } = session.options.target.controls;
  const trusted = session.resetProblem === null ? reset : undefined;
  const name = trusted === undefined ? 'restart' : 'reset';
  await session.pace.control(name, trusted ?? restart!);
  session.possibleStates.reset();
  session.counts.emptied();
  host.count = 0;
}

/** Whether what answered a bind speaks another protocol, so that there is no KMS host to judge. */
export const isNoHost = (failure: HostFailure): boolean =>
  failure.kind === 'garbage' && failure.stage === 'bind' && failure.pdus.received.length === 0;

/**
 * Whether a failure leaves open that the host is dead: one that has said something since it was asked is not.
 */
export function mayBeDead(error: unknown, { heardLast }: { readonly heardLast: boolean }): boolean {
  if (heardLast) return false;
  if (!(error instanceof HostFailure) || error.kind === 'interrupted' || error.kind === 'local-limit')
    return false;
  if (error.kind === 'timed-out' || error.stage === 'connect') return true;
  return error.pdus.received.length === 0 && error.stage === 'bind';
}
