import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CATALOGUE } from '../../../scenarios/catalogue';
import { wordsOf } from '../../cases/words';
import { differenceWords, loadDifference, shapeOf, titleOf } from '../../jobs/diff';
import { UsageError } from '../../support/usage-error';
import { cited } from './cited';
import type { DifferenceExplanation } from './explanation';

/** Its file, within its folder. */
export const DIFFERENCE_FILE = 'difference.json';

/**
 * What a saved difference of two hosts says, in the words of the report that it was told in.
 * @param folder its own
 * @throws UsageError where there is none, or its file is damaged
 */
export async function explainDifference(folder: string): Promise<DifferenceExplanation> {
  const saved = await loadDifference(folder);
  const { id, difference, cases, requests, shrunkFrom, index, told } = saved;
  const [one = 'A', other = 'B'] = told.hosts.map(({ name }) => name);
  const requirement = CATALOGUE.find((entry) => entry.id === told.clause);
  const captures = ['a.pcapng', 'b.pcapng'].map((name) => join(folder, name)).filter(existsSync);
  return {
    ...{ schema: 'kmsspec.explanation/1', kind: 'difference' },
    difference: {
      ...{ id, title: titleOf(difference), a: difference.a, b: difference.b },
      message: told.message ?? differenceWords(difference, [one, other]),
      ...{ index, requests, shrunkFrom, folder },
    },
    hosts: told.hosts,
    ...(requirement === undefined ? {} : { requirement: cited(requirement) }),
    ...(told.against === null ? {} : { against: told.against }),
    ...{ sent: wordsOf(cases), captures, repeat: [told.repeat] },
    also: await sameConversation(folder, id, shapeOf(cases)),
  };
}

/** The differences beside it that the same conversation shows; what is none, or is damaged, is left out. */
async function sameConversation(
  folder: string,
  id: string,
  shape: string,
): Promise<DifferenceExplanation['also']> {
  const also: DifferenceExplanation['also'] = [];
  for (const name of (await readdir(dirname(folder))).sort()) {
    const place = join(dirname(folder), name);
    if (!existsSync(join(place, DIFFERENCE_FILE)) || name.startsWith('.')) continue;
    try {
      const other = await loadDifference(place);
      if (other.id !== id && shapeOf(other.cases) === shape)
        also.push({ id: other.id, title: titleOf(other.difference) });
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
    }
  }
  return also;
}
