import { type BindOptions, HostFailure } from '../harness/client';
import type { HostUnderTest } from './host/host-under-test';
import {
  client,
  clients,
  expect,
  inconclusive,
  machine,
  offering,
  requirement,
  server,
  servers,
} from './requirement';

describe('requests at the same time', () => {
  requirement('CNT-17', { fresh: true, place: 'overlap', adds: 150, together: 64 }, async ({ host }) => {
    const { journey } = host;
    if (journey !== null) {
      const ten = await journey.tenPlaces();
      const { strangers, mixed, afterwards } = await journey.overlap();
      if (ten?.growth !== undefined) journey.expectRight([ten.together, ten.growth, ...ten.renewedTogether]);
      journey.expectRight([strangers, mixed, ...afterwards]);
      return;
    }
    const { counts, random } = host;
    if (host.machines.grants('server')) {
      // Ten places: five renew at once, five others give way to new ones. With room for more it shows who is still known.
      const renewing = servers(5);
      for (const each of [...renewing, ...servers(5)]) await counts.alone({ machine: each });
      await counts.together(random.shuffle(renewing).map((each) => ({ machine: each })));
      for (const each of servers(5)) await counts.alone({ machine: each });
      await counts.alone({ machine: client() });
      for (const each of renewing) await counts.alone({ machine: each });
    }
    const [known, strangers] = [clients(6), clients(12)];
    for (const each of known) await counts.alone({ machine: each });
    const twice = random.pick(strangers);
    const asking = random.shuffle([...known, ...strangers, twice]);
    await counts.together(asking.map((each) => ({ machine: each })));
    for (const each of random.shuffle([...known, ...strangers])) await counts.alone({ machine: each });
    // The cache fills up, and beyond.
    await counts.together(clients(32).map((each) => ({ machine: each })));
    await counts.together([...clients(8), ...known].map((each) => ({ machine: each })));
    for (const each of known) await counts.alone({ machine: each });
    await counts.alone({ machine: client() });
  });

  requirement('CNT-18', { countAtMost: 44, place: 'few', adds: 3 }, async ({ host }) => {
    const { counts } = host;
    const one = machine();
    const kept = counts.keep(offering.ndr32Alone());
    await counts.alone({ machine: one, over: kept });
    const byItself = await counts.alone({ machine: one });
    const families = await counts.otherFamilies(one, byItself);
    await counts.alone({ machine: machine() });
    const group = { ...offering.ndr32Alone(), assocGroupId: (await kept.bound()).bindAck.body.assocGroupId };
    const ways = [group, offering.ndr64Alone()];
    const accepted = await Promise.all(ways.map((way) => accepts(host, way)));
    const others = ways.map((way, i) => counts.keep(accepted[i] === true ? way : offering.ndr32Alone()));
    const connections = [kept, ...others, ...families];
    for (const over of connections) await counts.alone({ machine: one, over });
    const alone = [{ machine: one }, { machine: one }];
    await counts.together([...connections.map((over) => ({ machine: one, over })), ...alone]);
    await counts.alone({ machine: one });
    await counts.alone({ machine: machine() });
    for (const connection of connections) await connection.close();
  });

  requirement('CNT-19', { last: true, adds: 75, together: 60 }, async ({ host }) => {
    const { beyondCapacity, knowsAll } = host.wholeRun;
    if (beyondCapacity !== null) {
      const { count, places } = beyondCapacity;
      expect(count, `the count of a host whose requests so far make room for ${places}`).to.be.at.most(
        places,
      );
    }
    if (!host.service.canBeEmptied) {
      if (!knowsAll) inconclusive('who asked the host before, and for how many machines, is not known');
      return;
    }
    const highest = async (asking: Parameters<typeof host.activateTogether>[0]): Promise<number> =>
      Math.max(...(await host.activateTogether(asking)).map(({ count }) => count));
    if (host.machines.grants('server')) {
      await host.activateEach(servers(8));
      expect(await highest(servers(6)), 'the highest count of 14 servers').to.be.at.most(10);
      expect((await host.activate(server())).count, 'the server after 14').to.be.at.most(10);
    }
    expect(await highest(clients(60)), 'the highest count of clients').to.be.at.most(50);
    expect((await host.activate(client())).count, 'the client after them').to.be.at.most(50);
  });

  requirement('CACHE-14', { fresh: true, clock: true, adds: 10, together: 10 }, async ({ host }) => {
    const { counts } = host;
    const [early, late] = [clients(6), clients(2)];
    for (const each of early) await counts.alone({ machine: each });
    await host.clock.advance({ days: 31 });
    await counts.together([...early, ...late].map((each) => ({ machine: each })));
    for (const each of [...late, ...early]) await counts.alone({ machine: each });
  });
});

/** Whether the host takes a bind in this way, which it need not. */
async function accepts(host: HostUnderTest, way: BindOptions): Promise<boolean> {
  try {
    return (await host.rpc.verdictsOn(way))[0] === 'accepted';
  } catch (error) {
    if (error instanceof HostFailure && error.stage !== 'connect') return false;
    throw error;
  }
}
