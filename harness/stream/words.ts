import { PRODUCTS, type Product } from '../../protocol';
import {
  type AgainAction,
  type MachineType,
  type Selector,
  USUAL_CLIENT,
  USUAL_SERVER,
  USUAL_VIRTUAL,
} from './notation';
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
      const found = word === '' ? reader.peek() || 'the end' : word.slice(0, 40);
      reader.fail(
        `expected a kind (${GROUPS.join(', ')}) or an order (${PICKS.join(', ')}), each once, found "${found}"`,
        at,
      );
    }
    if (pick === 'all' && action !== 'renewal') reader.fail('only renew takes "all"', at);
    reader.skipSpace();
  } while (reader.take(','));
  reader.expect(')', 'expected ")"');
  return { of: of ?? 'any', pick: pick ?? 'oldest' } as Selector;
}

/** The known word that differs in the fewest letters, if that is few enough for a slip of the hand. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > 20) return undefined;
  let best: string | undefined;
  let bestDistance = Math.min(3, Math.ceil(word.length / 2));
  for (const candidate of known) {
    const distance = editDistance(word, candidate);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
