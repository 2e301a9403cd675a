import { isAbsolute, join } from 'node:path';
import { keptClientMachineId } from '../../jobs/probe/kept-cmid';
import type { CliContext } from '../verb';

/** Where this user's programs keep what outlives them (XDG Base Directory Specification); null where the environment names no place. */
export function stateFolder(env: CliContext['env']): string | null {
  const { XDG_STATE_HOME: state = '', HOME: home = '', LOCALAPPDATA: local = '' } = env;
  if (isAbsolute(state)) return join(state, 'kmsspec');
  if (isAbsolute(home)) return join(home, '.local', 'state', 'kmsspec');
  return isAbsolute(local) ? join(local, 'kmsspec') : null;
}

/**
 * The CMID that a probe asks with: the one that was given, else the one that is kept, so that a container whose name changes stays one
 * machine. Where none can be kept, it is that of the machine's name, and standard error says so.
 */
export async function probeClientMachineId(
  given: string | undefined,
  { env, stderr }: Pick<CliContext, 'env' | 'stderr'>,
): Promise<string> {
  if (given !== undefined) return given;
  const { clientMachineId, problem } = await keptClientMachineId(stateFolder(env));
  if (problem !== null)
    stderr.write(`${problem}: the CMID is that of this machine's name; --cmid GUID keeps it the same\n`);
  return clientMachineId;
}
