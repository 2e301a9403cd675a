import { PTYPE } from '../../../protocol';
import type { Hooks } from '../hooks/hooks';

/** How long a call waits before the host takes it. */
const HOLD_MS = 8;

/** Calls that came while others were waiting. */
export interface Burst {
  /** Calls so far. */
  calls: number;
  /** Calls that have come and were not taken. */
  waiting: number;
}

export interface Bursts extends Pick<Hooks, 'received'> {
  /** The burst of the call that the host is at; null where it came alone. */
  readonly current: () => Burst | null;
}

/**
 * Lets calls wait a little before they are taken, as in a host that is slow over each, so that those that come meanwhile overlap with them.
 * @param ended called when no call waits any more
 */
export function watchBursts({ received }: Hooks, ended: (burst: Burst) => void = () => {}): Bursts {
  const held = new WeakMap<object, number>();
  let burst: Burst | null = null;
  /** Chunks that wait, calls or what came behind one. */
  let chunks = 0;
  return {
    current: () => (burst !== null && burst.calls > 1 ? burst : null),
    received: (connection, chunk) => {
      const before = held.get(connection) ?? 0;
      const isCall = chunk !== null && chunk[2] === PTYPE.request;
      if (!isCall && before === 0) return received(connection, chunk);
      const own = (burst ??= { calls: 0, waiting: 0 });
      if (isCall) {
        own.calls++;
        own.waiting++;
      }
      chunks++;
      held.set(connection, before + 1);
      const take = (): void => {
        if (isCall) own.waiting--;
        chunks--;
        held.set(connection, held.get(connection)! - 1);
        received(connection, chunk);
        if (chunks > 0) return;
        burst = null;
        if (own.calls > 1) ended(own);
      };
      // What has reached the machine by then is read before the first of them is taken.
      setTimeout(() => setImmediate(take), HOLD_MS);
    },
  };
}

/** Something that is kept for each of these, made when it is first asked for. */
export function memoryOf<Key extends object, Kept>(make: () => Kept): (key: Key) => Kept {
  const kept = new WeakMap<Key, Kept>();
  return (key) => {
    let own = kept.get(key);
    if (own === undefined) kept.set(key, (own = make()));
    return own;
  };
}
