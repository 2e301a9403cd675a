import { Random } from '../../../support/random';
import type { CountingProfile } from '../plain/host';
import { MADE, type Unnumbered } from './made';
import { type Step, trace } from './trace';

type CountingVector = Unnumbered<'counting'>;

const DAY = 24 * 3600 * 1000;
const LIFETIME = 30 * DAY;
export const PROFILES: readonly CountingProfile[] = [true, false].flatMap((countsVirtualMachines) =>
  [false, true].map((countSurvivesRestart) => ({ countsVirtualMachines, countSurvivesRestart })),
);

type Ask = Omit<Extract<Step, { kind: 'request' }>, 'kind' | 'atMs'> & { readonly atMs?: number };

const ask = (clientMachineId: string, requiredClientCount: number, more: Partial<Ask> = {}): Step => ({
  ...{
    kind: 'request',
    atMs: 0,
    applicationId: 'windows',
    clientMachineId,
    requiredClientCount,
    virtual: false,
  },
  ...more,
});
const several = (count: number, name: string, policy: number, more: Partial<Ask> = {}): Step[] =>
  Array.from({ length: count }, (_, i) => ask(`${name}-${i + 1}`, policy, more));
const control = (kind: 'reset' | 'restart', atMs = 0): Step => ({ kind, atMs });

/** What the guides tell, and where a host may go wrong. Each is asked of every profile. */
const TOLD: readonly (readonly [string, readonly Step[]])[] = [
  ['clients 1 to 30', several(30, 'client', 25)],
  ['servers fill up to 10 and stay there', several(15, 'server', 5)],
  [
    '15 servers, 45 clients, 5 servers: 10, then 50',
    [...several(15, 'server', 5), ...several(45, 'client', 25), ...several(5, 'late', 5)],
  ],
  ['52 clients: 50', several(52, 'client', 25)],
  ['one client asks again and again', Array.from({ length: 5 }, () => ask('client', 25))],
  [
    'renewal makes a client the newest: the next displaces another',
    [
      ...several(10, 'server', 5),
      ask('server-1', 5),
      ask('new', 5),
      ask('server-1', 25),
      ask('server-2', 25),
    ],
  ],
  ['who was displaced adds one when there is room again', [...several(11, 'server', 5), ask('server-1', 25)]],
  ['who was not displaced adds none', [...several(11, 'server', 5), ask('server-2', 25)]],
  ['N_Policy 0 has two places', several(4, 'client', 0)],
  ['N_Policy 1 has two places', several(4, 'client', 1)],
  ['N_Policy 2 has four', several(6, 'client', 2)],
  ['the capacity never shrinks', [...several(3, 'client', 25), ...several(12, 'server', 5)]],
  [
    'N_Policy over 1000 is refused and changes nothing',
    [ask('one', 25), ask('two', 1001), ask('three', 1000), ask('four', 0xffffffff), ask('three', 25)],
  ],
  [
    'virtual machines among others',
    [
      ask('a', 25),
      ask('b', 25, { virtual: true }),
      ask('c', 25),
      ask('b', 25, { virtual: true }),
      ask('b', 25),
    ],
  ],
  [
    'a virtual machine that raises the capacity, or not',
    [...several(10, 'server', 5), ask('v', 25, { virtual: true }), ask('late', 5)],
  ],
  ['a machine that became virtual', [ask('a', 25), ask('b', 25), ask('a', 25, { virtual: true })]],
  [
    'applications are counted apart',
    [
      ...several(3, 'client', 25),
      ...several(2, 'office', 5, { applicationId: 'office' }),
      ask('client-1', 25, { applicationId: 'office' }),
      ask('client-4', 25),
    ],
  ],
  [
    'a reset forgets records and places',
    [...several(12, 'client', 25), control('reset'), ...several(12, 'server', 5)],
  ],
  ['a restart', [...several(12, 'client', 25), control('restart'), ...several(12, 'server', 5)]],
  [
    'a reset behind a restart',
    [ask('a', 25), control('restart'), ask('b', 25), control('reset'), ask('c', 25)],
  ],
  ['30 days to the millisecond: a record is still there', [ask('a', 25), ask('b', 25, { atMs: LIFETIME })]],
  ['a millisecond more: it is gone', [ask('a', 25), ask('b', 25, { atMs: LIFETIME + 1 })]],
  [
    'renewed after 29 days: it lives on',
    [ask('a', 25), ask('a', 25, { atMs: 29 * DAY }), ask('b', 25, { atMs: 58 * DAY })],
  ],
  [
    'records expire one by one',
    [
      ...[0, 10, 20, 30, 40, 50].map((day) => ask(`day-${day}`, 25, { atMs: day * DAY })),
      ask('last', 25, { atMs: 61 * DAY }),
    ],
  ],
  [
    'all expired: the capacity stays',
    [...several(3, 'client', 25), ...several(12, 'server', 5, { atMs: 31 * DAY })],
  ],
  ['who is expired and asks again counts once', [ask('a', 25), ask('a', 25, { atMs: 31 * DAY })]],
  [
    'a virtual machine sees what has expired',
    [
      ask('a', 25),
      ask('b', 25, { atMs: DAY }),
      ask('v', 25, { virtual: true, atMs: LIFETIME + 1 }),
      ask('c', 25, { atMs: LIFETIME + 2 }),
    ],
  ],
  [
    'a refused request at which records would expire',
    [ask('a', 25), ask('b', 1001, { atMs: LIFETIME + 1 }), ask('c', 25, { atMs: LIFETIME + 2 })],
  ],
];

/** Requests one after the other, with the host's clock; every answer follows from what came before. */
export function* countings(): Generator<CountingVector> {
  for (const profile of PROFILES) {
    for (const [comment, steps] of TOLD)
      yield { comment, source: MADE, profile, steps: trace(steps, profile) };
  }
  const random = new Random(24);
  for (const profile of PROFILES) {
    for (let i = 0; i < 15; i++) {
      const steps = trace(drawn(random), profile);
      yield { comment: 'drawn at random', source: MADE, profile, steps };
    }
  }
}

function drawn(random: Random): Step[] {
  let atMs = 0;
  return Array.from({ length: 40 }, () => {
    atMs += random.chance(0.1) ? random.int(0, 31) * DAY : random.int(0, DAY);
    if (random.chance(0.03)) return control(random.pick(['reset', 'restart']), atMs);
    const policy = random.pick([0, 1, 2, 3, 5, 5, 5, 25, 1001]);
    const applicationId = random.pick(['windows', 'windows', 'office']);
    return ask(`client-${random.int(1, 14)}`, policy, { atMs, applicationId, virtual: random.chance(0.2) });
  });
}
