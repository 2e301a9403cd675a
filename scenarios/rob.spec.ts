import { hostileInput } from './hostile-input';
import { machines, requirement } from './requirement';

const IDS = [
  'ROB-01',
  'ROB-02',
  'ROB-03',
  'ROB-04',
  'ROB-05',
  'ROB-06',
  'ROB-07',
  'ROB-08',
  'ROB-09',
  'ROB-11',
  'ROB-12',
  'ROB-13',
] as const;

describe('hostile input', () => {
  for (const id of IDS) {
    requirement(id, { adds: 20 }, async ({ host }) => {
      await host.activateEach(machines(3)); // a host that forgets them shows
      await hostileInput[id](host);
      await host.stillServes();
    });
  }

  // An N_Policy raises the capacity for good, so this is only for a host that can be reset.
  requirement('ROB-10', { reset: true, fresh: true, adds: 10 }, async ({ host }) => {
    await host.activateEach(machines(3));
    await hostileInput['ROB-10'](host);
    await host.stillServes();
  });

  requirement('ROB-14', { reset: true, fresh: true, adds: 2000 }, async ({ host }) => {
    for (let i = 0; i < 5; i++) await host.activateAll(machines(2000));
    for (const sendKind of Object.values(hostileInput)) {
      await sendKind(host);
      await host.stillServes();
    }
  });
});
