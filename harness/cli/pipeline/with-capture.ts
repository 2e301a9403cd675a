import type { ConnectionObserver } from '../../client';
import type { CliContext } from '../verb';

/* eslint-disable @typescript-eslint/no-require-imports -- what writes captures is loaded where one is asked for only */

/**
 * Does the job with an observer that writes `--pcap FILE`, to be handed to every client, and ends the capture, whatever happens.
 * @param file undefined where no capture was asked for: then there is no observer; `-` for pcapng on standard output
 * @throws what the job throws, WriteFileError
 */
export async function withCapture<T>(
  file: string | undefined,
  context: Pick<CliContext, 'stdout'>,
  job: (observer: ConnectionObserver | undefined) => Promise<T>,
): Promise<T> {
  if (file === undefined) return job(undefined);
  const { keepingCapture } = require('./keeping-capture') as typeof import('./keeping-capture');
  return keepingCapture(file, context, job);
}
