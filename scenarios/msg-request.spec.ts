import { expect, machine, requirement, sealedRequest, versionOf } from './requirement';

describe('the request message', () => {
  requirement('MSG-10', { sideBySide: true }, async ({ host }) => {
    const asking = machine();
    for (const licenseStatus of [0, 1, 2, 3, 4, 5, 6]) await host.activate(asking, { licenseStatus });
    for (const isVirtualMachine of [0, 1]) await host.activate(asking, { isVirtualMachine });
    for (const previousClientMachineId of [host.cmidOf(asking), host.random.guid(), host.random.guid()]) {
      await host.activate(asking, { previousClientMachineId });
    }
  });

  requirement('MSG-11', { sideBySide: true }, async ({ host }) => {
    const asking = machine();
    for (const workstationName of [
      '',
      'n'.repeat(63),
      'Prüfstand-Ω',
      '検査用ホスト',
      'пример',
      '🖥'.repeat(31),
    ]) {
      await host.activate(asking, { workstationName });
    }
  });

  requirement('MSG-12', { sideBySide: true }, async ({ host, note }) => {
    for (const majorVersion of [5, 6] as const) {
      const what = `a recorded request of protocol ${majorVersion}.0`;
      const reaction = await host.attemptMessage(machine(), sealedRequest(majorVersion), what);
      if (reaction.kind === 'granted' || reaction.kind === 'malformed') {
        expect.fail(`expected ${what} to be answered in its version or refused, received another version`);
      }
      if (reaction.kind !== 'sealed') continue;
      expect(versionOf(reaction), `the version of the answer to ${what}`).to.equal(`${majorVersion}.0`);
      note(`answers protocol ${majorVersion}.0`);
    }
  });
});
