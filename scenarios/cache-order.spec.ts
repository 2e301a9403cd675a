import { client, expect, requirement, server, servers } from './requirement';

describe('what a full cache keeps', () => {
  // The growth probe: a full cache of 10 grows with the first client OS, and then shows who had been displaced.
  requirement('CACHE-05', { fresh: true, place: 'ten', adds: 13 }, async ({ host }) => {
    const { journey } = host;
    const ten = await journey?.tenPlaces();
    if (journey !== null && ten) {
      journey.expectRight([ten.growth, ...ten.kept, ten.displaced]);
      return;
    }
    // A host that goes by the CMID and not by the time displaces one of the two behind it.
    const [oldest, second, third] = ['8', 'f', '0'].map((digit) =>
      server({ clientMachineId: host.machines.cmidFrom(digit) }),
    );
    await host.activateEach([oldest!, second!, third!, ...servers(7)]);
    await host.activate(server()); // displaces the oldest
    const growth = await host.activate(client());
    expect(growth.count, 'the client OS that makes it grow').to.equal(11);
    expect((await host.renew(third!)).count, 'a server that was kept').to.equal(11);
    expect((await host.renew(second!)).count, 'the second oldest, which was kept').to.equal(11);
    expect((await host.renew(oldest!)).count, 'the oldest, which was displaced').to.equal(12);
  });

  requirement('CACHE-06', { fresh: true, place: 'ten', adds: 13 }, async ({ host }) => {
    const { journey } = host;
    const places = await journey?.tenPlaces();
    if (journey !== null && places) {
      journey.expectRight([places.growth, places.renewed, places.displaced]);
      return;
    }
    const ten = servers(10);
    const [first, second, third] = ten;
    await host.activateEach(ten);
    await host.renew(first!); // now the most recent
    await host.activate(server()); // displaces the second
    await host.activate(client()); // makes room
    expect((await host.renew(first!)).count, 'the first server, which had renewed').to.equal(11);
    expect((await host.renew(third!)).count, 'the third server').to.equal(11);
    expect((await host.renew(second!)).count, 'the second server, which was displaced').to.equal(12);
  });
});
