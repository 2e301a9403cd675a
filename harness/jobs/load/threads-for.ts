import { isLoopbackAddress } from '../../support/loopback-address';
import type { LoadPlan } from './plan';

/** Requests a second that one thread keeps up with, and has time left so that none starts late. */
const OF_ONE_THREAD = { kept: 10_000, each: 1_500 } as const;

/**
 * How many threads generate a load where nobody says: as many as its rate takes, and as many as the machine has cores; where the host
 * runs here too, it has one of them, unless it is asked as fast as it can on a connection each: opening them takes several times what answering does.
 * Never more than connections.
 */
export function threadsFor(
  plan: Pick<LoadPlan, 'endpoint' | 'rate' | 'mode' | 'connections'>,
  cores: number,
): number {
  const { endpoint, rate, mode, connections } = plan;
  const leavesCore = isHere(endpoint.host) && !(mode === 'each' && rate === null);
  const free = leavesCore ? cores - 1 : cores;
  const wanted = rate === null ? free : Math.ceil(Math.max(rate.from, rate.to) / OF_ONE_THREAD[mode]);
  return Math.max(1, Math.min(wanted, free, connections));
}

const isHere = (host: string): boolean => host === 'localhost' || isLoopbackAddress(host);
