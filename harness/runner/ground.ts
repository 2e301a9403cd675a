import { CLIENT_THRESHOLD } from '../../protocol';
import { HostFailure } from '../client';
import type { HostUnderTest } from './host/host-under-test';
import type { Needs } from './needs';
import type { Session } from './session';
import { inconclusive } from './verdict';

/** Probes that tell whether a count moves by itself, and the time between them. */
const PROBES = 5;
const PROBE_INTERVAL_MS = 40;

/** Whether the run can bring the host to the empty state. */
export const canEmpty = ({ options, resetProblem, restartEmpties }: Session): boolean =>
  (options.target.controls.reset !== undefined && resetProblem === null) || restartEmpties;

/**
 * Brings the host to the state that a scenario starts from: empty, where that can be done; else as it is found, with its count
 * asked for by the run's own client.
 * @throws Inconclusive where the scenario cannot start from what was found; ControlFailure; HostFailure
 */
export async function prepareGround(session: Session, needs: Needs, host: HostUnderTest): Promise<void> {
  if (session.grantsNothing !== null) inconclusive(session.grantsNothing);
  if (canEmpty(session)) return empty(session, host);
  if (needs.fresh === true) {
    inconclusive(session.resetProblem ?? 'needs a host that holds nothing: configure controls.reset');
  }
  session.ledger.forget();
  const { count } = await host.activate(session.regular);
  const limit = needs.countAtMost === undefined ? undefined : needs.countAtMost - placesLacking(session);
  if (limit !== undefined && count > limit) {
    const why = session.resetProblem ?? 'there is no controls.reset';
    inconclusive(`the host counts ${count} machines, this needs at most ${limit}, and ${why}`);
  }
}

/** How many of the 50 places that scenarios reckon with the run's own client does not make: Office asks for 10 only. */
const placesLacking = (session: Session): number =>
  Math.max(0, 2 * (CLIENT_THRESHOLD - session.productOf(session.regular).requiredClientCount));

async function empty(session: Session, host: HostUnderTest): Promise<void> {
  const { reset, restart } = session.options.target.controls;
  const trusted = session.resetProblem === null ? reset : undefined;
  await (trusted ?? restart!)();
  session.ledger.reset();
  host.count = 0;
}

/** Whether the host's count changes while nothing but the run's own client asks, which does not change it. */
export async function countMoves(session: Session, host: HostUnderTest): Promise<boolean> {
  const counts: number[] = [];
  for (let i = 0; i < PROBES; i++) {
    if (i > 0) await new Promise((resolve) => setTimeout(resolve, PROBE_INTERVAL_MS));
    counts.push((await host.activate(session.regular)).count);
  }
  const steps = counts.slice(1).map((count, i) => count - counts[i]!);
  // A host that miscounts renewals moves by the same step each time: that is its own doing.
  return new Set(steps).size > 1;
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
