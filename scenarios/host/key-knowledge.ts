import { type KeyGroup, PRODUCTS, product, type ProductKey } from '../../protocol';
import { isGranted } from '../../harness/model/decide-grant';
import type { ScenarioContext } from '../context';
import { untestable } from '../../harness/jobs/suite/verdict';

/** Where a key stands among those of its generation (volume-activation-article): each also activates what is below it. */
export type KeyTier = 'vista' | 'a' | 'b' | 'c' | 'office';
export type Generation = '2008' | 'r2' | 'office';

interface Reach {
  readonly granted: readonly ProductKey[];
  readonly refused: readonly ProductKey[];
}

export interface KeyKnowledge {
  readonly name: KeyGroup;
  readonly tier: KeyTier;
  readonly generation: Generation;
  /** Windows products of the key's own generation. */
  readonly ownGeneration: Reach;
  /** Windows products of the other one: the older of an R2 key, the newer of a 2008 key. */
  readonly otherGeneration: Reach;
  readonly allRefused: readonly ProductKey[];
}

/** Products and key groups go by the same names. */
const GENERATIONS: Readonly<Record<KeyGroup, Generation>> = {
  vista: '2008',
  '2008-a': '2008',
  '2008-b': '2008',
  '2008-c': '2008',
  win7: 'r2',
  'r2-a': 'r2',
  'r2-b': 'r2',
  'r2-c': 'r2',
  office2010: 'office',
};

/**
 * What is known of the host's key.
 * @throws Untestable where the host grants every product
 */
export function keyOf({ keyGroup, grantsAny }: ScenarioContext): KeyKnowledge {
  if (grantsAny || keyGroup === undefined || keyGroup === 'any') {
    untestable('the host grants every product: it has no key group to check');
  }
  const generation = GENERATIONS[keyGroup];
  const windows = PRODUCTS.filter(({ key }) => GENERATIONS[key as KeyGroup] !== 'office');
  const own = generation === 'office' ? ['office2010' as const] : keysOf(windows, generation);
  const other = generation === 'office' ? windows.map(({ key }) => key) : keysOf(windows, generation, false);
  const grants = (key: ProductKey): boolean => isGranted(product(key), keyGroup);
  const reach = (products: readonly ProductKey[]): Reach => ({
    granted: products.filter(grants),
    refused: products.filter((key) => !grants(key)),
  });
  return {
    name: keyGroup,
    tier: tierOf(keyGroup),
    generation,
    ownGeneration: reach(own),
    otherGeneration: reach(other),
    allRefused: PRODUCTS.map(({ key }) => key).filter((key) => !grants(key)),
  };
}

function keysOf(
  products: readonly { readonly key: ProductKey }[],
  generation: Generation,
  same = true,
): ProductKey[] {
  return products
    .map(({ key }) => key)
    .filter((key) => (GENERATIONS[key as KeyGroup] === generation) === same);
}

function tierOf(keyGroup: KeyGroup): KeyTier {
  if (keyGroup === 'office2010') return 'office';
  if (keyGroup === 'vista' || keyGroup === 'win7') return 'vista';
  return keyGroup.slice(-1) as 'a' | 'b' | 'c';
}
