import { cmidsThatDifferInOneByte, cmidWithZero } from './host/cmids';
import { client, clients, expect, inconclusive, requirement, server } from './requirement';

describe('who is counted', () => {
  requirement('CNT-03', { countAtMost: 50, place: 'few', adds: 1 }, async ({ host }) => {
    const machine = client();
    const { count } = await host.activate(machine);
    const different = [
      { licenseStatus: 1, bindingExpirationMinutes: 259_200 },
      ...[0, 3, 4, 5, 6].map((licenseStatus) => ({ licenseStatus, bindingExpirationMinutes: 0 })),
      { workstationName: 'another-name.example.test' },
      { requestTime: host.clock.clientTime({ minutes: 5 }) },
      { previousClientMachineId: host.random.guid() },
      { skuId: host.random.guid() },
      ...(host.machines.grants('server')
        ? [{ ...host.machines.productOf(server()), requiredClientCount: 5 }]
        : []),
    ];
    for (const changes of different) {
      const again = await host.activate(machine, changes);
      expect(again.count, `the same CMID with another ${Object.keys(changes).join(' and ')}`).to.equal(count);
    }
  });

  requirement('CNT-04', { countAtMost: 33, place: 'threshold', adds: 17 }, async ({ host }) => {
    const { journey } = host;
    if (journey !== null) {
      const ten = await journey.tenPlaces();
      const { byteApart } = await journey.upToThreshold();
      if (ten !== null) {
        const first = journey.firstTen(ten);
        expect(first, 'servers whose CMIDs differ in one byte').to.deep.equal(first.map((_, i) => i + 1));
      }
      journey.expectRight(byteApart);
      if (ten === null)
        inconclusive('the first nine bytes are told apart by servers, which did not ask first');
      return;
    }
    const template = cmidWithZero(host.random);
    const { count } = await host.activate(client({ clientMachineId: template }));
    for (const [byte, clientMachineId] of cmidsThatDifferInOneByte(template).entries()) {
      const answer = await host.activate(client({ clientMachineId }));
      expect(answer.count, `a CMID that differs in byte ${byte}`).to.equal(count + byte + 1);
    }
  });

  requirement('CNT-05', { countAtMost: 47, place: 'threshold', adds: 3 }, async ({ host }) => {
    const { journey } = host;
    if (journey !== null) {
      journey.expectRight((await journey.upToThreshold()).sameName);
      return;
    }
    const before = host.count;
    const answers = await host.activateEach(clients(3, { workstationName: 'cloned-image' }));
    expect(
      answers.map(({ count }) => count),
      'three clients of one name',
    ).to.deep.equal([before + 1, before + 2, before + 3]);
  });
});
