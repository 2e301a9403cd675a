import { client, clients, expect, requirement, server, servers } from './requirement';

describe('the threshold', () => {
  requirement('CNT-08', { fresh: true, adds: 5 }, async ({ host }) => {
    const [, , , fourth] = await host.activateEach(servers(4));
    expect(fourth!.count, 'the fourth machine').to.be.below(5);
    const fifth = await host.activate(server());
    expect(fifth.count, 'the fifth machine, a server').to.be.at.least(5);
  });

  requirement('CNT-09', { countAtMost: 22, adds: 25 }, async ({ host }) => {
    await host.fillUpTo(23);
    const the24th = await host.activate(client());
    expect(the24th.count, 'the 24th machine').to.be.below(25);
    const the25th = await host.activate(client());
    expect(the25th.count, 'the 25th machine').to.equal(25);
  });

  requirement('CNT-10', { countAtMost: 22, adds: 2 }, async ({ host }) => {
    const before = host.count;
    const waiting = await host.ask(client());
    expect(waiting.kind, 'what a client below its threshold receives').to.equal('granted');
    expect(host.count, 'its count').to.equal(before + 1);
  });

  requirement('CNT-11', { countAtMost: 20, adds: 25 }, async ({ host }) => {
    const early = client();
    await host.activate(early);
    await host.fillUpTo(25);
    const again = await host.activate(early);
    expect(again.count, 'the early client that asks again').to.equal(25);
  });

  requirement('CNT-13', { countAtMost: 46, adds: 3 }, async ({ host }) => {
    await host.activateEach(clients(2));
    await host.attempt(client(), { majorVersion: 3 });
    await host.attempt(client(), { majorVersion: 4, minorVersion: 1 });
    await host.attempt(client(), { kmsCountedId: host.random.guid() });
    if (host.canBeReset) await host.attempt(client(), { requiredClientCount: 1001 });
    const cut = client();
    await host.attemptMessage(cut, host.messageOf(cut).subarray(0, 251), 'a request of 251 bytes');
    await host.stillServes();
  });

  requirement('CNT-15', { countAtMost: 50, adds: 50 }, async ({ host }) => {
    const early = client();
    await host.activate(early);
    await host.fillUpTo(50);
    expect((await host.renew(early)).count, 'a client that renews in a full cache').to.equal(50);
    expect((await host.activate(client())).count, 'a new client in a full cache').to.equal(50);
    expect((await host.renew(early)).count, 'a client that renews in a full cache').to.equal(50);
  });

  requirement('CNT-16', { countAtMost: 50, adds: 2000 }, async ({ host }) => {
    const answers = await host.activateAll(clients(2000));
    expect(answers, 'machines that were granted').to.have.length(2000);
    const highest = Math.max(...answers.map(({ count }) => count));
    expect(highest, 'the highest count of 2,000 machines').to.equal(50);
    expect((await host.activate(client())).count, 'the machine after 2,000').to.equal(50);
  });
});
