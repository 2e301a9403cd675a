import type { HostUnderTest } from './host/host-under-test';
import { client, clients, expect, expectGranted, type Input, requirement, servers } from './requirement';

/** A request message that lacks its last octet. */
function cutRequest(host: HostUnderTest): Input {
  const what = 'a request message of 251 octets';
  const send = () => {
    const cut = client();
    return host.attemptMessage(cut, host.machines.messageOf(cut).subarray(0, 251), what);
  };
  return { what, send };
}

describe('the threshold', () => {
  requirement('CNT-08', { fresh: true, place: 'ten', adds: 5 }, async ({ host }) => {
    const { journey } = host;
    const ten = await journey?.tenPlaces();
    const five = ten
      ? journey!.firstTen(ten)
      : (await host.activateEach(servers(5))).map(({ count }) => count);
    expect(five[3], 'the fourth machine').to.be.below(5);
    expect(five[4], 'the fifth machine, a server').to.be.at.least(5);
  });

  requirement('CNT-09', { countAtMost: 22, place: 'threshold', adds: 25 }, async ({ host }) => {
    const { journey } = host;
    if (journey !== null) {
      const { below, meets } = await journey.upToThreshold();
      expect(journey.counts([below])[0], 'the 24th machine').to.be.below(25);
      expect(journey.counts([meets])[0], 'the 25th machine').to.equal(25);
      return;
    }
    await host.fillUpTo(23);
    const the24th = await host.activate(client());
    expect(the24th.count, 'the 24th machine').to.be.below(25);
    const the25th = await host.activate(client());
    expect(the25th.count, 'the 25th machine').to.equal(25);
  });

  requirement('CNT-10', { countAtMost: 22, place: 'threshold', adds: 2 }, async ({ host }) => {
    const { journey } = host;
    if (journey !== null) {
      const { below } = await journey.upToThreshold();
      journey.expectRight([below]);
      return;
    }
    const before = host.count;
    expectGranted(await host.ask(client()), 'a client below its threshold');
    expect(host.count, 'its count').to.equal(before + 1);
  });

  requirement('CNT-11', { countAtMost: 20, place: 'threshold', adds: 25 }, async ({ host }) => {
    const { journey } = host;
    if (journey !== null) {
      const { again } = await journey.upToThreshold();
      expect(journey.counts([again])[0], 'the early client that asks again').to.equal(25);
      return;
    }
    const early = client();
    await host.activate(early);
    await host.fillUpTo(25);
    const again = await host.activate(early);
    expect(again.count, 'the early client that asks again').to.equal(25);
  });

  requirement('CNT-13', { countAtMost: 46, place: 'refusals', adds: 3 }, async ({ host, note }) => {
    if (host.journey === null) await host.activateEach(clients(2));
    const attempt = (what: string, changes: Parameters<typeof host.attempt>[1]): Input => ({
      what,
      send: () => host.attempt(client(), changes),
    });
    if (!host.service.canBeReset) note('a request with N_Policy 1001 was left out: it makes room for good');
    await host.uncounted([
      attempt('a request of version 3.0', { majorVersion: 3 }),
      attempt('a request of version 4.1', { majorVersion: 4, minorVersion: 1 }),
      attempt('a request with an unknown KMSID', { kmsCountedId: host.random.guid() }),
      ...(host.service.canBeReset
        ? [attempt('a request with N_Policy 1001', { requiredClientCount: 1001 })]
        : []),
      cutRequest(host),
    ]);
  });

  requirement('CNT-15', { countAtMost: 50, place: 'fifty', adds: 50 }, async ({ host }) => {
    const early = client();
    await host.activate(early);
    await host.fillUpTo(50);
    expect((await host.renew(early)).count, 'a client that renews in a full cache').to.equal(50);
    expect((await host.activate(client())).count, 'a new client in a full cache').to.equal(50);
    expect((await host.renew(early)).count, 'a client that renews in a full cache').to.equal(50);
  });

  requirement(
    'CNT-16',
    { countAtMost: 50, place: 'fifty', adds: 2000, severalAtATime: true },
    async ({ host }) => {
      const answers = await host.activateAll(clients(2000));
      expect(answers.length, 'machines that were granted').to.equal(2000);
      const highest = Math.max(...answers.map(({ count }) => count));
      const first = answers.findIndex(({ count }) => count === highest) + 1;
      expect(highest, `the highest count of 2,000 machines (first at machine ${first})`).to.equal(50);
      expect((await host.activate(client())).count, 'the machine after 2,000').to.equal(50);
    },
  );
});
