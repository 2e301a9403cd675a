import {
  expectGranted,
  expectRefusal,
  HRESULT,
  type KeyTier,
  keyOf,
  machineWith,
  requirement,
  type ScenarioContext,
  untestable,
} from './requirement';

type Product = Parameters<typeof machineWith>[0];
const needs = { keyGroup: true, adds: 10 } as const;

async function expectEachGranted({ host }: ScenarioContext, products: readonly Product[]): Promise<void> {
  for (const product of products) {
    expectGranted(await host.ask(machineWith(product)), `a machine with the product ${product}`);
  }
}

async function expectEachRefused({ host }: ScenarioContext, products: readonly Product[]): Promise<void> {
  for (const product of products) {
    const reply = await host.ask(machineWith(product));
    expectRefusal(reply, HRESULT.productNotOffered, `a machine with the product ${product}`);
  }
}

const TIERS: readonly (readonly [KeyTier, 'KEY-01' | 'KEY-02' | 'KEY-03' | 'KEY-04'])[] = [
  ['vista', 'KEY-01'],
  ['a', 'KEY-02'],
  ['b', 'KEY-03'],
  ['c', 'KEY-04'],
];
const BELOW_THE_TOP: readonly (readonly [KeyTier, 'KEY-05' | 'KEY-06' | 'KEY-07'])[] = [
  ['vista', 'KEY-05'],
  ['a', 'KEY-06'],
  ['b', 'KEY-07'],
];

describe('what a key grants', () => {
  for (const [tier, id] of TIERS) {
    requirement(id, needs, async (context) => {
      const key = keyOf(context);
      if (key.tier !== tier) return untestable(`the host's key is ${key.name}, not one of the group ${tier}`);
      await expectEachGranted(context, key.ownGeneration.granted);
    });
  }

  requirement('KEY-10', needs, async (context) => {
    const key = keyOf(context);
    if (key.generation !== 'r2')
      return untestable(`the host's key is ${key.name}, which has no older generation`);
    await expectEachGranted(context, key.otherGeneration.granted);
  });
});

describe('what a key does not grant', () => {
  for (const [tier, id] of BELOW_THE_TOP) {
    requirement(id, needs, async (context) => {
      const key = keyOf(context);
      if (key.tier !== tier) return untestable(`the host's key is ${key.name}, not one of the group ${tier}`);
      await expectEachRefused(context, key.ownGeneration.refused);
    });
  }

  requirement('KEY-08', { ...needs, place: 'refusals', countAtMost: 46 }, async (context) => {
    const { host } = context;
    const [granted] = keyOf(context).ownGeneration.granted;
    const refused = keyOf(context).allRefused;
    await host.activate(machineWith(granted!));
    await host.uncounted(
      refused.map((product) => ({
        what: `a request for the product ${product}`,
        send: () => host.ask(machineWith(product)),
      })),
    );
  });

  requirement('KEY-09', needs, async (context) => {
    const { host } = context;
    const [granted] = keyOf(context).ownGeneration.granted;
    const strange = await host.ask(machineWith(granted!), { kmsCountedId: host.random.guid() });
    expectRefusal(strange, undefined, 'a product that nobody knows');
    const misplaced = await host.ask(machineWith(granted!), { applicationId: host.random.guid() });
    expectRefusal(misplaced, undefined, 'a known product of an application that is not its own');
  });

  requirement('KEY-11', needs, async (context) => {
    const key = keyOf(context);
    if (key.generation !== '2008')
      return untestable(`the host's key is ${key.name}, not of the 2008 generation`);
    await expectEachRefused(context, key.otherGeneration.refused);
  });

  requirement('KEY-12', needs, async (context) => {
    const { generation } = keyOf(context);
    if (generation === 'office') await expectEachRefused(context, ['vista', 'win7', '2008-b', 'r2-b']);
    else await expectEachRefused(context, ['office2010']);
  });
});
