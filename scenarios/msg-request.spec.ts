import { Deviation, expect, inWords, machine, requirement, versionOf } from './requirement';

/** The requests of captures/corpus/v5.pcap and v6.pcap, as they were recorded: a clear version, and the rest sealed. */
const RECORDED = {
  5:
    '00000500d5a525570012a4e643f3a61bb8120fd23d3d76533fed0e4bb287e64572c063a4c12e4245bbb2437d3fb146ca' +
    'a5781afe7091d62bfec641d0de748fa08cede75fa6bdb454b36a9782dd774e75fd5202bf73746cbfe1c1c44bbf59d6ee' +
    'cceee42cb9c1a325cd15a4112e0d1a53adb997c2ed4074a6ba10c44e10610793d4af70f5e4e2389a0e210bc6bbd16b45' +
    '93a24966a63da84c3026685c0d1bf5c9959b945e148acb70d75dcdc59c7c6b895e05cfa889a45133f603db4f2f4cb5c7' +
    '29f69f080ed7932bc86f2893c6aef7c6b721f1ec47aedaee6b45aac0b4aadbaa5de857d201c0e2b11f0a97fb864cce92' +
    '039c58ed653e24d7ac4097e2ca713841ec3346b0',
  6:
    '00000600039f2f9786a6ec0fc79a501a123ce1738148d2a73a620b7c891ae2cc0ebb1af33460b964a302bb530aca51fa' +
    '0e8fe0a344b62350890911194b929a3d9d7a8df0abadf7c6630200880899d4930d93181e9d54714e30dac688d4b8a6a8' +
    '92c470b78af0b7895bed808453f330e4a04720c7e56acb6a97eadfce5d91a9654e9ad48240a3036cec6932d17dff1b8c' +
    '0fdd147fb093e8c525244c08570abdc6295c556c65ab78600bcff5e9f1cf5c23dd778737ee1f847f297a5052af6455a3' +
    'ca25f41ae59c145d1871d3814251934d871f1cbd1f5c2aaed4a65b50ca012feb061a646e044fdcde8040c15458ef9aa7' +
    '3052245a0f8370d6451326fedf5a06810b5fc30f',
} as const;

/** A recorded request of protocol 5.0 or 6.0, 260 bytes. */
const sealedRequest = (majorVersion: keyof typeof RECORDED): Uint8Array =>
  Buffer.from(RECORDED[majorVersion], 'hex');

describe('the request message', () => {
  requirement('MSG-10', { parallel: true }, async ({ host }) => {
    const asking = machine();
    for (const licenseStatus of [0, 1, 2, 3, 4, 5, 6]) await host.activate(asking, { licenseStatus });
    for (const isVirtualMachine of [0, 1]) await host.activate(asking, { isVirtualMachine });
    for (const previousClientMachineId of [
      host.machines.cmidOf(asking),
      host.random.guid(),
      host.random.guid(),
    ]) {
      await host.activate(asking, { previousClientMachineId });
    }
  });

  requirement('MSG-11', { parallel: true }, async ({ host }) => {
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

  requirement('MSG-12', { parallel: true }, async ({ host, note }) => {
    for (const majorVersion of [5, 6] as const) {
      const what = `a recorded request of protocol ${majorVersion}.0`;
      const reaction = await host.attemptMessage(machine(), sealedRequest(majorVersion), what);
      if (reaction.kind === 'granted' || reaction.kind === 'malformed') {
        const expected = `an answer of version ${majorVersion}.0, or a refusal`;
        throw new Deviation({ expected, received: inWords(reaction) });
      }
      if (reaction.kind !== 'sealed') continue;
      expect(versionOf(reaction), `the version of the answer to ${what}`).to.equal(`${majorVersion}.0`);
      note(`answers protocol ${majorVersion}.0`);
    }
  });
});
