import type { ConnectionObserver } from '../client';
import { CaptureFile, CaptureObserver } from '../record';

/**
 * Does the job with an observer that writes `--pcap FILE`, to be handed to every client, and ends the capture, whatever happens.
 * @param file undefined where no capture was asked for: then there is no observer
 * @throws what the job throws, WriteFileError
 */
export async function withCapture<T>(
  file: string | undefined,
  job: (observer: ConnectionObserver | undefined) => Promise<T>,
): Promise<T> {
  if (file === undefined) return job(undefined);
  const observer = new CaptureObserver(new CaptureFile(file));
  let result: T;
  try {
    result = await job(observer);
  } catch (error) {
    // What the job failed with matters more than that its capture could not be kept.
    attempt(() => observer.finish());
    throw error;
  }
  observer.finish();
  return result;
}

function attempt(run: () => void): void {
  try {
    run();
  } catch {
    // The first failure is the one that is told.
  }
}
