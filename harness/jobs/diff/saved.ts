import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { formatEndpoint } from '../../client';
import { CaptureFile } from '../../client/capture-file';
import { CaptureObserver } from '../../client/capture-observer';
import { writeFileSafely } from '../../support/safe-file';
import { differenceFileText, type ToldDifference } from './difference-file';
import type { FoundDifference } from './found';
import type { Pair } from './pair';
import type { DiffHost } from './plan';
import { messageOf } from './reported';

/** What one is saved with, beside what was found. */
export interface SavedWith {
  readonly hosts: readonly [DiffHost, DiffHost];
  /** The command line that shows it again. */
  readonly repeat: string;
}

/**
 * Saves a difference in a folder of its own: `difference.json`, and what went over the wire when it was shown once more, `a.pcapng` and
 * `b.pcapng`. What lies there already stays.
 * @throws TargetDied, WriteFileError
 */
export async function saveDifference(
  place: string,
  found: FoundDifference,
  pair: Pair,
  { hosts, repeat }: SavedWith,
): Promise<void> {
  if (existsSync(join(place, 'difference.json'))) return;
  // What always shows may be left out from now on: what was left out until now is what it showed beside.
  const ignored = [...pair.ignored];
  // Whole or not at all: a kill may come at any time.
  const folder = join(dirname(place), `.${found.id}-${process.pid}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const captures = ['a', 'b'].map(
    (side) => new CaptureObserver(new CaptureFile(join(folder, `${side}.pcapng`))),
  );
  await pair.alone(found.cases, [captures[0]!, captures[1]!]);
  await pair.reviveBoth();
  for (const capture of captures) capture.finish();
  const message = messageOf(found, [hosts[0].name, hosts[1].name]);
  const told = { hosts: hosts.map(described), message, repeat };
  await writeFileSafely(join(folder, 'difference.json'), differenceFileText({ ...found, ignored }, told));
  await rename(folder, place);
}

const described = ({ name, target }: DiffHost): ToldDifference['hosts'][number] => ({
  name,
  address: formatEndpoint(target.endpoint),
  profile: target.profile.name,
});
