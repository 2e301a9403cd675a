import { PRODUCTS, type Product } from '../../../protocol';
import { type AgainAction, type Selector } from './notation';
import { type MachineType, USUAL_CLIENT, USUAL_SERVER, USUAL_VIRTUAL } from '../../model/machine-type';
import type { Reader } from './reader';

/** Every word that stands for a machine: the three usual ones, and each product by its key. */
export const MACHINE_TYPES: ReadonlyMap<string, MachineType> = new Map(
  [
    USUAL_SERVER,
    USUAL_CLIENT,
    USUAL_VIRTUAL,
    ...PRODUCTS.map(({ key }): MachineType => ({ word: key, product: key, virtual: false })),
  ].map((type) => [type.word, type]),
);

export const machineType = (word: string): MachineType | undefined => MACHINE_TYPES.get(word);

const PICKS: readonly string[] = ['oldest', 'newest', 'random', 'all'] satisfies Selector['pick'][];
const GROUPS: readonly string[] = [
  'any',
  'client',
  'server',
  'virtual',
  ...(PRODUCTS as readonly Product[]).map(({ key }) => key),
];

/** Reads `kind`, `order` or both up to the closing bracket: `renew(server)`, `renew(newest)`, `renew(win7, all)`. */
export function readSelector(reader: Reader, action: AgainAction): Selector {
  let of: string | undefined;
  let pick: string | undefined;
  do {
    const at = reader.skipSpace();
    const word = reader.word();
    if (PICKS.includes(word) && pick === undefined) pick = word;
    else if (GROUPS.includes(word) && of === undefined) of = word;
    else {
      reader.fail(
        `expected a kind (${GROUPS.join(', ')}) or an order (${PICKS.join(', ')}), each once, found ${reader.quoted(word)}`,
        at,
      );
    }
    if (pick === 'all' && action !== 'renewal') reader.fail('only renew takes "all"', at);
    reader.skipSpace();
  } while (reader.take(','));
  reader.expect(')', 'expected ")"');
  return { of: of ?? 'any', pick: pick ?? 'oldest' } as Selector;
}
