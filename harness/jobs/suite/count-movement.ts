import { placesFor } from '../../model/client-cache';
import { CLIENT_THRESHOLD } from '../../../protocol';
import type { RequestDriver } from './host/request-driver';
import type { Session } from './session';

/** Requests one right behind the other, which show what the run's own requests do to the count. */
const OWN = 4;
/** Probes with time between them, in which others may ask: a good deal more of it than the answers take. */
const PROBES = 5;
const PROBE_INTERVAL_MS = 40;
const INTERVAL_PER_LATENCY = 2;
const PLACES = placesFor(CLIENT_THRESHOLD);

/**
 * Whether another machine would show in a count, on a host that makes room for client operating systems: not in a full cache. One that
 * counts more than it has places for is not full.
 */
export const hasRoom = (count: number): boolean => count !== PLACES;

/**
 * Whether the host's count rises while nobody of this run asks. The run's own client asks, whose renewals do not change the count of a
 * good host; a host that miscounts them does so whether time goes by between them or not, and that is its own doing.
 * @param forMs how long it is watched at least
 */
export async function countMoves(session: Session, host: RequestDriver, forMs = 0): Promise<boolean> {
  let { count } = await host.activate(session.regular);
  const startsFull = !hasRoom(count);
  const rise = async (): Promise<number> => {
    const before = count;
    ({ count } = await host.activate(session.regular));
    return count - before;
  };
  const steps: number[] = [];
  const startedAt = performance.now();
  while (steps.length < OWN) {
    steps.push(await rise());
    // Nothing rises any more in a full cache: who has just filled it goes by the steps before.
    if (!startsFull && !hasRoom(count)) return !isOwnDoing(steps);
  }
  const ownStep = steps.reduce((sum, step) => sum + step, 0) / OWN;
  const latencyMs = (performance.now() - startedAt) / OWN;
  const intervalMs = Math.max(PROBE_INTERVAL_MS, INTERVAL_PER_LATENCY * latencyMs);
  const probes = Math.max(PROBES, Math.ceil(forMs / intervalMs));
  let risen = 0;
  for (let i = 1; i <= probes; i++) {
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
    risen += await rise();
    const beyond = risen - ownStep * i;
    if (ownStep === 0 || !hasRoom(count) ? beyond > 0 : i >= PROBES && beyond > ownStep * i + 1) return true;
  }
  if (forMs > PROBES * PROBE_INTERVAL_MS) session.stoodStillAt = performance.now();
  return false;
}

/** Steps to a full cache, of which the last may be cut short: a host that miscounts renewals takes the same one each time. */
function isOwnDoing(steps: readonly number[]): boolean {
  const [first, ...others] = steps.slice(0, -1);
  return first !== undefined && first > 0 && others.every((step) => step === first);
}
