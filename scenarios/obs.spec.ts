import { STATUS_COUNTERS } from '../harness/model/host-counters';
import { CLIENT_THRESHOLD, SERVER_THRESHOLD } from '../protocol';
import { Deviation } from './host/deviation';
import { machine, requirement, type ScenarioContext } from './requirement';

const needs = { observe: true, adds: 10 } as const;

/** How often a machine with each licence status asks: no two alike, so that none is taken for another. */
const ASKED_BY_STATUS = [2, 5, 3, 1, 4, 6];

describe("the host's own counters", () => {
  requirement('OBS-01', needs, async ({ host }) => {
    await host.own.eventually(async () => {
      const known = machine();
      for (const [who, what] of [
        [known, 'a new machine'],
        [known, 'a renewal'],
        [machine(), 'a second machine'],
      ] as const) {
        const { count } = await host.activate(who);
        const subject = `its own currentCount after ${what}`;
        const expected = `${count}, as it answered`;
        const wrong = await host.own.settled('currentCount', ({ currentCount }) =>
          currentCount === count ? null : new Deviation({ subject, expected, received: `${currentCount}` }),
        );
        if (wrong !== null) return wrong;
      }
      return null;
    });
  });

  requirement('OBS-02', needs, async (context) => {
    const { host } = context;
    await host.own.eventually(() => compareRise(context));
    const before = await host.own.read('totalRequests');
    const { kind } = await host.attemptMessage(machine(), new Uint8Array(4), 'a message of four octets');
    const { failedRequests } = await host.own.read('totalRequests');
    const failed = (failedRequests ?? 0) - (before.failedRequests ?? 0);
    context.note(`a message of four octets (${kind}) raised its counter of failed requests by ${failed}`);
  });

  requirement('OBS-03', { observe: true }, async ({ host }) => {
    const isClientOnly = !host.machines.grants('server') && host.machines.grants('client');
    const expected = isClientOnly ? CLIENT_THRESHOLD : SERVER_THRESHOLD;
    const { requiredClientCount } = await host.own.read('requiredClientCount');
    if (requiredClientCount === expected) return;
    throw new Deviation({
      subject: 'its own requiredClientCount',
      expected: `${expected}, the smallest threshold of what it grants`,
      received: `${requiredClientCount}`,
    });
  });
});

/** Sends requests with every licence status, and compares how the counters rose with what was granted. */
async function compareRise({ host }: ScenarioContext): Promise<Deviation | null> {
  const [before, besideBefore] = [await host.own.read('totalRequests'), host.own.requestsBeside];
  const granted = STATUS_COUNTERS.map(() => 0);
  let refused = 0;
  const asking = machine();
  for (const [licenseStatus, times] of ASKED_BY_STATUS.entries()) {
    for (let i = 0; i < times; i++) {
      const { kind } = await host.ask(asking, { licenseStatus });
      if (kind === 'granted') granted[licenseStatus]!++;
      else refused++;
    }
  }
  // What was refused, and what asked beside, may be tallied in one way or another.
  const slack = refused + host.own.requestsBeside - besideBefore;
  const rises = [
    ['totalRequests', granted.reduce((sum, each) => sum + each, 0)] as const,
    ['failedRequests', 0] as const,
    ...STATUS_COUNTERS.map((name, status) => [name, granted[status]!] as const),
  ];
  return host.own.settled('totalRequests', (after) => {
    for (const [name, least] of rises) {
      const [from, to] = [before[name], after[name]];
      if (from === undefined || to === undefined) continue;
      const rise = to - from;
      if (rise >= least && rise <= least + slack) continue;
      const expected = slack === 0 ? `${least}` : `${least} to ${least + slack}`;
      return new Deviation({ subject: `how much its counter ${name} rose`, expected, received: `${rise}` });
    }
    return null;
  });
}
