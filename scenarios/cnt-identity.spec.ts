import { client, clients, expect, requirement, server } from './requirement';

/** Two CMIDs for each of the 16 bytes, that differ in it alone. */
function cmidsThatDifferInOneByte(template: string): string[] {
  const digits = template.replaceAll('-', '');
  return Array.from({ length: 16 }, (_, byte) => {
    const value = Number.parseInt(digits.slice(2 * byte, 2 * byte + 2), 16) ^ 0x01;
    const changed =
      digits.slice(0, 2 * byte) + value.toString(16).padStart(2, '0') + digits.slice(2 * byte + 2);
    return changed.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  });
}

describe('who is counted', () => {
  requirement('CNT-03', { countAtMost: 50, adds: 1 }, async ({ host }) => {
    const machine = client();
    const { count } = await host.activate(machine);
    const different = [
      { licenseStatus: 1, bindingExpirationMinutes: 259_200 },
      { workstationName: 'another-name.example.test' },
      { requestTime: host.clientTime({ minutes: 5 }) },
      { previousClientMachineId: host.random.guid() },
      { skuId: host.random.guid() },
      ...(host.grants('server') ? [{ ...host.productOf(server()), requiredClientCount: 5 }] : []),
    ];
    for (const changes of different) {
      const again = await host.activate(machine, changes);
      expect(again.count, `the same CMID with another ${Object.keys(changes).join(' and ')}`).to.equal(count);
    }
  });

  requirement('CNT-04', { countAtMost: 33, adds: 17 }, async ({ host }) => {
    const template = host.random.guid();
    const { count } = await host.activate(client({ clientMachineId: template }));
    for (const [byte, clientMachineId] of cmidsThatDifferInOneByte(template).entries()) {
      const answer = await host.activate(client({ clientMachineId }));
      expect(answer.count, `a CMID that differs in byte ${byte}`).to.equal(count + byte + 1);
    }
  });

  requirement('CNT-05', { countAtMost: 47, adds: 3 }, async ({ host }) => {
    const before = host.count;
    const answers = await host.activateEach(clients(3, { workstationName: 'cloned-image' }));
    expect(
      answers.map(({ count }) => count),
      'three clients of one name',
    ).to.deep.equal([before + 1, before + 2, before + 3]);
  });
});
