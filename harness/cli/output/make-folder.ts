import { mkdir } from 'node:fs/promises';
import { UsageError } from '../../support/usage-error';

/**
 * Makes the folder that an option names, unless it is there.
 * @param named as the command line has it
 * @throws UsageError
 */
export async function makeFolder(folder: string, option: string, named: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = `cannot be made a folder (${code ?? String(error)}): name another`;
    throw new UsageError(`${option} ${named} ${why}`, { cause: error });
  }
}
