import { type HabitName, HABITS, type LabHostOptions, startLabHost } from '../../harness/lab-host';
import type { Profile } from '../../harness/model/profile';
import type { Relay } from '../../harness/testing/relay';
import { openTarget, type Target } from '../../harness/target';
import { GOOD_HABITS, type GoodHabit, withHabit } from './good-habits';

/** A good host that is not like the lab host: by what it does itself, or by what stands in front of it. */
export interface Stranger {
  /** Completes "a good host that …", or is the name of a habit of the lab host. */
  readonly name: string;
  readonly habit?: HabitName;
  readonly relay?: GoodHabit;
  /** A run against it takes more than half a minute. */
  readonly isSlow?: boolean;
}

export const STRANGERS: readonly Stranger[] = [
  ...HABITS.map(({ name }) => ({ name, habit: name, isSlow: name.endsWith('one-at-a-time') })),
  ...GOOD_HABITS.map((relay) => ({ name: relay.name, relay })),
];

/** Strangers that a whole run can be made against in seconds. */
export const QUICK_STRANGERS = STRANGERS.filter(({ isSlow }) => isSlow !== true);

export interface OpenedStranger {
  readonly target: Target;
  readonly port: number;
  close(): Promise<void>;
}

/** Who keeps silent where the host gives up stands next to it: what ends a connection in front of that ends it for good. */
const nearestFirst = (habits: readonly Stranger[]): GoodHabit[] =>
  habits
    .flatMap(({ relay }) => relay ?? [])
    .sort((a, b) => Number(b.keepsSilent ?? false) - Number(a.keepsSilent ?? false));

/** Starts a host with all these habits. @param controls whether it can be reset, restarted and set forward */
export async function openStranger(
  habits: readonly Stranger[],
  controls: boolean,
  { profile, lab }: { readonly profile?: Profile; readonly lab?: LabHostOptions } = {},
): Promise<OpenedStranger> {
  const host = await startLabHost({
    seed: 5,
    ...lab,
    ...(profile === undefined ? {} : { profile }),
    habits: habits.flatMap(({ habit }) => habit ?? []),
  });
  const relays: Relay[] = [];
  let { port } = host;
  for (const relay of nearestFirst(habits)) {
    relays.push(await withHabit(relay, port));
    ({ port } = relays.at(-1)!);
  }
  const target = await openTarget({
    address: `127.0.0.1:${port}`,
    ...(profile === undefined ? {} : { profile }),
  });
  return {
    target: controls ? { ...target, controls: host.controls } : target,
    port,
    async close() {
      await target.close();
      for (const relay of relays.reverse()) await relay.close();
      await host.close();
    },
  };
}
