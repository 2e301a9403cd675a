import type { Random } from '../../support/random';
import { type AgainAction, type MixShares, type Selector } from './notation';
import { type MachineType, USUAL_CLIENT, USUAL_SERVER, USUAL_VIRTUAL } from '../../model/machine-type';

export type Drawn =
  | { readonly kind: 'machine'; readonly type: MachineType }
  | { readonly kind: 'again'; readonly action: AgainAction; readonly selector: Selector };

const ANY_MACHINE: Selector = { of: 'any', pick: 'random' };

/** Draws one request of a mix; where nobody has asked yet, it is a new machine whatever the shares say. */
export function drawFromMix(shares: MixShares, random: Random, someoneAsked: boolean): Drawn {
  const drawn = random.fraction();
  const action = actionAt(shares, drawn);
  if (action !== undefined && someoneAsked) return { kind: 'again', action, selector: ANY_MACHINE };
  return { kind: 'machine', type: drawType(shares, random) };
}

/** Which of the shares, laid end to end from 0, covers `drawn`. */
function actionAt(shares: MixShares, drawn: number): AgainAction | undefined {
  let end = shares.renewals;
  if (drawn < end) return 'renewal';
  end += shares.duplicates;
  if (drawn < end) return 'duplicate';
  end += shares.clones;
  if (drawn < end) return 'clone';
  end += shares.reimaged;
  return drawn < end ? 'reimage' : undefined;
}

/** Virtual machines are client systems and servers in the same proportion as physical ones. */
function drawType(shares: MixShares, random: Random): MachineType {
  const server = random.chance(shares.servers);
  if (!random.chance(shares.virtual)) return server ? USUAL_SERVER : USUAL_CLIENT;
  return server ? VIRTUAL_SERVER : USUAL_VIRTUAL;
}

const VIRTUAL_SERVER: MachineType = { ...USUAL_SERVER, word: 'virtual server', virtual: true };
