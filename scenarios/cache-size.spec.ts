import { client, clients, expect, requirement, server, servers } from './requirement';

const counts = (answers: readonly { readonly count: number }[]): number[] =>
  answers.map(({ count }) => count);

describe('the size of the cache', () => {
  requirement('CACHE-01', { fresh: true, place: 'ten', adds: 10 }, async ({ host }) => {
    const { journey } = host;
    const ten = await journey?.tenPlaces();
    const filling = ten ? journey!.firstTen(ten) : counts(await host.activateEach(servers(10)));
    expect(filling, 'the first ten servers').to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const further = ten ? journey!.counts(ten.further) : counts(await host.activateEach(servers(10)));
    expect(further, 'ten further servers').to.deep.equal(further.map(() => 10));
  });

  requirement('CACHE-02', { countAtMost: 50, place: 'fifty', adds: 50 }, async ({ host }) => {
    await host.activate(client());
    await host.fillUpTo(50);
    const further = await host.activateEach(clients(10));
    expect(counts(further), 'ten further clients').to.deep.equal(further.map(() => 50));
  });

  requirement('CACHE-03', { fresh: true, place: 'ten', adds: 11 }, async ({ host }) => {
    const { journey } = host;
    const ten = await journey?.tenPlaces();
    if (journey !== null && ten) {
      expect(journey.counts([ten.growth])[0], 'the first client OS after 24 servers').to.equal(11);
      journey.expectRight([ten.growth, ...ten.kept]);
      return;
    }
    await host.activateEach(servers(15)); // fills the 10 places
    const first = await host.activate(client());
    expect(first.count, 'the first client OS after 15 servers').to.equal(11);
    const next = await host.activateEach(clients(2));
    expect(counts(next), 'the clients after it').to.deep.equal([12, 13]);
  });

  requirement('CACHE-04', { countAtMost: 50, place: 'fifty', adds: 50 }, async ({ host }) => {
    const { journey } = host;
    if (journey !== null) journey.expectRight([(await journey.upToThreshold()).server]);
    await host.activate(client());
    await host.fillUpTo(50, server);
    const further = await host.activateEach(servers(5));
    expect(counts(further), 'servers in a full cache of 50').to.deep.equal(further.map(() => 50));
  });

  requirement(
    'CACHE-11',
    { reset: true, fresh: true, adds: 2100, severalAtATime: true },
    async ({ host, note }) => {
      for (const requiredClientCount of [0xffffffff, 0x80000000]) {
        const { kind } = await host.attempt(client({ requiredClientCount }));
        if (kind === 'granted') note(`grants an N_Policy of ${requiredClientCount}`);
      }
      const answers = await host.activateAll(clients(2100));
      const highest = Math.max(...counts(answers));
      expect(highest, 'machines counted of 2,100').to.be.at.most(2000);
    },
  );
});
