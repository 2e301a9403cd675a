import { resolve } from 'node:path';
import type { CaptureFolder } from '../../client/capture-folder';
import { lockOutput } from '../../support/output-lock';
import { withVerdict } from '../output/lost-output';
import type { CliContext } from '../verb';
import { makeFolder } from '../output/make-folder';

/* eslint-disable @typescript-eslint/no-require-imports -- what writes captures is loaded where they are asked for only */

/**
 * Does a job with what keeps `--pcap-dir DIR`: a capture for each name that it asks for. The captures are ended whatever happens.
 * @param named the folder as it was named, made where it is not there; undefined where no captures were asked for
 * @returns what the job returns, which is the exit code
 * @throws what the job throws; UsageError, WriteFileError
 */
export async function withCaptures(
  named: string | undefined,
  { cwd, stderr }: Pick<CliContext, 'cwd' | 'stderr'>,
  quiet: boolean,
  job: (captures: CaptureFolder | undefined) => Promise<number>,
): Promise<number> {
  if (named === undefined) return job(undefined);
  const folder = resolve(cwd, named);
  await makeFolder(folder, '--pcap-dir', named);
  const lock = await lockOutput(folder);
  const { CaptureFolder: Folder } =
    require('../../client/capture-folder') as typeof import('../../client/capture-folder');
  const captures = new Folder(folder);
  try {
    const code = await job(captures);
    const count = finish(captures, code);
    if (!quiet) stderr.write(`kmsspec: ${count} ${count === 1 ? 'capture' : 'captures'} in ${named}\n`);
    return code;
  } catch (error) {
    attempt(() => captures.finish());
    throw error;
  } finally {
    await lock.release();
  }
}

function finish(captures: CaptureFolder, code: number): number {
  try {
    return captures.finish();
  } catch (error) {
    throw withVerdict(error, code);
  }
}

function attempt(run: () => void): void {
  try {
    run();
  } catch {
    // What ended the job is told.
  }
}
