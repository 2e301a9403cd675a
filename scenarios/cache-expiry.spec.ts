import { client, clients, expect, requirement, server } from './requirement';

describe('the 30 days of a record', () => {
  requirement('CACHE-07', { fresh: true, clock: true, adds: 5 }, async ({ host }) => {
    await host.activateEach(clients(4));
    await host.clock.advance({ days: 29, hours: 23 });
    const later = await host.activate(client());
    expect(later.count, 'a new client after 29 days and 23 hours').to.equal(5);
  });

  requirement('CACHE-08', { fresh: true, clock: true, adds: 5 }, async ({ host }) => {
    await host.activateEach(clients(4));
    await host.clock.advance({ days: 20 });
    await host.activateEach(clients(3));
    await host.clock.advance({ days: 10, hours: 1 });
    const later = await host.activate(client());
    expect(later.count, 'a new client 30 days and an hour after 4 of 7').to.equal(4);
  });

  requirement('CACHE-09', { fresh: true, clock: true, adds: 3 }, async ({ host }) => {
    const renewing = client();
    await host.activateEach([renewing, client()]);
    await host.clock.advance({ days: 20 });
    await host.renew(renewing);
    await host.clock.advance({ days: 20 });
    const first = await host.activate(client());
    expect(first.count, 'a new client 20 days after one of two renewed').to.equal(2);
    await host.clock.advance({ days: 10, hours: 1 });
    const second = await host.activate(client());
    expect(second.count, 'a new client 30 days and an hour after the renewal').to.equal(2);
  });

  requirement('CACHE-10', { fresh: true, clock: true, adds: 50 }, async ({ host }) => {
    await host.activateEach(clients(12));
    await host.clock.advance({ days: 31 });
    const first = await host.activate(server());
    expect(first.count, 'the first server after all have expired').to.equal(1);
    await host.fillUpTo(12, server);
    expect(host.count, 'servers in a cache that has had 50 places').to.equal(12);
  });

  requirement('CACHE-13', { fresh: true, clock: true, adds: 20 }, async ({ host }) => {
    const fleet = clients(20);
    await host.activateEach(fleet);
    await host.clock.advance({ days: 15 });
    for (const machine of fleet.slice(0, 10)) await host.renew(machine);
    await host.clock.advance({ days: 15, hours: 1 });
    const kept = await host.renew(fleet[0]!);
    expect(kept.count, 'one of the ten of 20 that had renewed').to.equal(10);
    const back = await host.renew(fleet[19]!);
    expect(back.count, 'one of the ten that had not').to.equal(11);
  });

  requirement('CACHE-12', { restart: true, adds: 4 }, async ({ host, profile }) => {
    await host.activateEach(clients(3));
    const before = host.count;
    await host.service.restart();
    const first = await host.activate(client());
    const expected = profile.countSurvivesRestart ? before + 1 : 1;
    expect(first.count, 'the first client after the restart').to.equal(expected);
  });
});
