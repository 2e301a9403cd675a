import { product } from '../protocol';
import {
  client,
  clients,
  expect,
  inconclusive,
  inWords,
  office,
  requirement,
  server,
  servers,
  virtualClient,
} from './requirement';

describe('counting', () => {
  requirement('CNT-01', { countAtMost: 49, place: 'few', adds: 1 }, async ({ host }) => {
    expect(await host.firstAnswer(), 'the first client').to.equal(1);
  });

  requirement('CNT-02', { countAtMost: 24, place: 'threshold', adds: 25 }, async ({ host }) => {
    const { journey } = host;
    if (journey !== null) {
      const ten = await journey.tenPlaces();
      if (ten !== null)
        expect(journey.firstTen(ten), 'ten servers').to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      journey.expectRight((await journey.upToThreshold()).each);
      return;
    }
    const before = host.count;
    const answers = await host.activateEach(clients(25 - before));
    const expected = answers.map((_, i) => before + i + 1);
    expect(
      answers.map(({ count }) => count),
      'different clients, one after the other',
    ).to.deep.equal(expected);
  });

  requirement('CNT-06', { countAtMost: 47, place: 'threshold', adds: 3 }, async ({ host, profile }) => {
    const { journey } = host;
    if (journey !== null) {
      journey.expectRight((await journey.upToThreshold()).virtual);
      return;
    }
    await host.activate(client());
    const before = host.count;
    const virtual = await host.activate(virtualClient());
    const counted = profile.countsVirtualMachines ? 1 : 0;
    expect(virtual.count, `a virtual machine after ${before}`).to.equal(before + counted);
    const next = await host.activate(client());
    expect(next.count, 'the physical machine after it').to.equal(before + counted + 1);
  });

  requirement('CNT-07', { countAtMost: 46, place: 'threshold', adds: 4 }, async ({ host }) => {
    const { journey } = host;
    if (journey !== null) {
      journey.expectRight([(await journey.upToThreshold()).server]);
      return;
    }
    const before = host.count;
    await host.activateEach(clients(3));
    const answer = await host.activate(server());
    expect(answer.count, 'the server after 3 clients').to.equal(before + 4);
  });

  requirement('CNT-12', { countAtMost: 30, place: 'overlap', adds: 20, together: 20 }, async ({ host }) => {
    const { journey } = host;
    if (journey !== null) {
      journey.expectRight([(await journey.overlap()).strangers]);
      return;
    }
    const before = host.count;
    const answers = await host.activateTogether(clients(20));
    const counts = answers.map(({ count }) => count).sort((a, b) => a - b);
    expect(counts, '20 clients at the same time').to.deep.equal(counts.map((_, i) => before + i + 1));
  });

  requirement('CNT-14', { countAtMost: 47, place: 'few', adds: 3 }, async ({ host }) => {
    if (host.journey === null) await host.activateEach(servers(2));
    const before = host.count;
    const first = await host.ask(office());
    if (first.kind !== 'granted') {
      const { applicationId, kmsCountedId } = product('office2010');
      const asked = `AppID ${applicationId}, KMSID ${kmsCountedId}`;
      return inconclusive(`the host does not grant Office (${asked}): it answers ${inWords(first)}`);
    }
    const second = await host.activate(office());
    // A host that has served Office before may hold the 10 that its threshold of 5 makes room for.
    if (first.count < 10) expect(second.count, 'the second Office machine').to.equal(first.count + 1);
    expect((await host.activate(server())).count, 'a server after 2 Office machines').to.equal(before + 1);
  });
});
