import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { caseToJson } from '../../cases/case';
import { wordsOf } from '../../cases/words';
import { formatEndpoint } from '../../client';
import { CaptureFile } from '../../client/capture-file';
import { CaptureObserver } from '../../client/capture-observer';
import { writeFileSafely } from '../../support/safe-file';
import { clauseOf, type FoundDifference } from './found';
import type { Pair } from './pair';
import type { DiffHost } from './plan';
import { titleOf } from './words';

export const DIFFERENCE_SCHEMA = 'kmsspec.difference/1';

/**
 * Saves a difference in a folder of its own: `difference.json`, and what went over the wire when it was shown once more, `a.pcapng` and
 * `b.pcapng`. What lies there already stays.
 * @throws TargetDied, WriteFileError
 */
export async function saveDifference(
  out: string,
  found: FoundDifference,
  pair: Pair,
  [a, b]: readonly [DiffHost, DiffHost],
): Promise<void> {
  const place = join(out, found.id);
  if (existsSync(join(place, 'difference.json'))) return;
  // Whole or not at all: a kill may come at any time.
  const folder = join(out, `.${found.id}-${process.pid}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const captures = ['a', 'b'].map(
    (side) => new CaptureObserver(new CaptureFile(join(folder, `${side}.pcapng`))),
  );
  await pair.alone(found.cases, [captures[0]!, captures[1]!]);
  await pair.reviveBoth();
  for (const capture of captures) capture.finish();
  await writeFileSafely(
    join(folder, 'difference.json'),
    `${JSON.stringify(contentOf(found, a, b), null, 2)}\n`,
  );
  await rename(folder, place);
}

function contentOf(found: FoundDifference, a: DiffHost, b: DiffHost): Record<string, unknown> {
  const { id, difference, cases, features, requests, shrunkFrom, index, broken } = found;
  return {
    schema: DIFFERENCE_SCHEMA,
    ...{ id, title: titleOf(difference), sent: wordsOf(cases), ...difference },
    hosts: [described(a), described(b)],
    clause: clauseOf(found) ?? null,
    against: broken?.by ?? null,
    ...{ requests, shrunkFrom, index, features },
    cases: cases.map(caseToJson),
  };
}

const described = ({ name, target }: DiffHost): Record<string, unknown> => ({
  name,
  address: formatEndpoint(target.endpoint),
  profile: target.profile.name,
});
