import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isGuid } from '../../../protocol';
import { readAtMost } from '../../support/read-at-most';
import { writeFileSafely } from '../../support/safe-file';
import { stableClientMachineId } from '../../client/good-request';

/** Name of the file in the state folder. */
export const CMID_FILE = 'probe-cmid';
/** A CMID is one line. */
const MAX_BYTES = 1024;

export interface KeptClientMachineId {
  readonly clientMachineId: string;
  /** Why it could not be kept; null where it is. */
  readonly problem: string | null;
}

/**
 * The CMID of this user's probes, kept from the first one on: whatever the machine is called later, it stays one machine to the hosts. The
 * first is that of the machine's name. Probes that start at the same time agree on one.
 * @param folder of the user's state, made where it is not there; null where there is none
 */
export async function keptClientMachineId(folder: string | null): Promise<KeptClientMachineId> {
  const own = stableClientMachineId();
  if (folder === null) return { clientMachineId: own, problem: null };
  const file = join(folder, CMID_FILE);
  try {
    const kept = await readKept(file);
    if (kept !== null && kept !== 'damaged') return { clientMachineId: kept, problem: null };
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (kept === 'damaged') await writeFileSafely(file, `${own}\n`);
    else await createOnce(file, `${own}\n`);
    const now = await readKept(file);
    return { clientMachineId: now === null || now === 'damaged' ? own : now, problem: null };
  } catch (error) {
    const { code = 'unknown error' } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
    return { clientMachineId: own, problem: `${file} cannot be kept (${code})` };
  }
}

async function readKept(file: string): Promise<string | null> {
  try {
    const text = (await readAtMost(file, MAX_BYTES)).toString('utf8').trim();
    return isGuid(text) ? text.toLowerCase() : 'damaged';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Whole or not at all, and only where nobody was quicker. */
async function createOnce(file: string, content: string): Promise<void> {
  const aside = `${file}.tmp-${process.pid}-${Math.trunc(performance.now() * 1000)}`;
  await writeFile(aside, content, { mode: 0o600, flag: 'wx' });
  try {
    await link(aside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(aside, { force: true });
  }
}
