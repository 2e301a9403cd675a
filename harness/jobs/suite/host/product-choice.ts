import {
  KEY_GROUPS,
  type KeyGroupSetting,
  type Product,
  type ProductKey,
  product,
} from '../../../../protocol';
import { isGranted } from '../../../model/decide-grant';
import type { MachineKind } from './machines';

/** Which products stand for a kind of machine, the most usual first: a host of a lesser key grants a later one. */
const CANDIDATES: Readonly<Record<MachineKind, readonly ProductKey[]>> = {
  client: ['win7', 'vista'],
  server: ['r2-b', '2008-b', 'r2-a', '2008-a'],
  office: ['office2010'],
};

/** What a host with that key group grants for a kind of machine; all candidates where the group is not known. */
export function candidatesFor(kind: MachineKind, keyGroup: KeyGroupSetting | undefined): Product[] {
  const products = CANDIDATES[kind].map(product);
  return products.filter((each) => isGranted(each, keyGroup ?? 'any'));
}

/** Products that a key of this group activates, and those that it must refuse. */
export function productsOf(
  keyGroup: KeyGroupSetting,
  all: readonly Product[],
): { granted: Product[]; refused: Product[] } {
  return {
    granted: all.filter((one) => isGranted(one, keyGroup)),
    refused: all.filter((one) => !isGranted(one, keyGroup)),
  };
}

export const isKeyGroup = (name: string): name is KeyGroupSetting =>
  name === 'any' || (KEY_GROUPS as readonly string[]).includes(name);
