import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Fails where a program is missing, with the line that installs it. A system test never skips. */
export async function requireProgram(program: string, debianPackage: string): Promise<void> {
  try {
    await run('sh', ['-c', `command -v ${program}`], { env: withSbin() });
  } catch {
    throw new Error(`${program} is not installed: apt-get install -y ${debianPackage}`);
  }
}

/** Daemons such as named live where only root's PATH looks. */
export const withSbin = (): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: `${process.env['PATH']}:/usr/sbin:/sbin`,
});

/** Values of one frame by field name; a field that occurs several times in it has several. */
export type TsharkRow = Readonly<Record<string, readonly string[]>>;

const SEPARATOR = '\u001f';
const AGGREGATOR = '\u001e';

/**
 * Runs a capture through tshark with a Lua dissector.
 * @param extra further arguments, such as a display filter
 * @throws Error where tshark fails or the dissector writes an error
 */
export async function tsharkFields(
  capture: string,
  dissector: string,
  fields: readonly string[],
  extra: readonly string[] = [],
): Promise<TsharkRow[]> {
  const out = await tshark(capture, dissector, [
    ...extra,
    '-T',
    'fields',
    '-E',
    'occurrence=a',
    '-E',
    `separator=${SEPARATOR}`,
    '-E',
    `aggregator=${AGGREGATOR}`,
    ...fields.flatMap((field) => ['-e', field]),
  ]);
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const cells = line.split(SEPARATOR);
      return Object.fromEntries(
        fields.map((field, i) => [field, cells[i] === '' ? [] : (cells[i] ?? '').split(AGGREGATOR)]),
      );
    });
}

export async function tshark(capture: string, dissector: string, args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await run(
    'tshark',
    ['-n', '-r', capture, '-X', `lua_script:${dissector}`, ...args],
    { maxBuffer: 1 << 28, timeout: 60_000 },
  ).catch(whatIsThere);
  const complaints = stderr.split('\n').filter((line) => /lua|error/i.test(line) && !/root/.test(line));
  if (complaints.length > 0) throw new Error(`tshark: ${complaints.join('\n')}`);
  if (/Lua Error/.test(stdout)) throw new Error(`tshark: ${/.*Lua Error.*/.exec(stdout)![0]}`);
  return stdout;
}

/** Of a capture that ends in the middle of a packet, tshark prints what there is, and fails. */
function whatIsThere(error: unknown): { stdout: string; stderr: string } {
  const { stdout, stderr } = error as { stdout?: string; stderr?: string };
  if (stdout !== undefined && stderr !== undefined && /cut short/.test(stderr)) return { stdout, stderr: '' };
  throw error;
}
