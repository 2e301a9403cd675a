import type { Writable } from 'node:stream';
import { type PacketWriter, PcapngWriter } from '../../../captures';
import type { ConnectionObserver } from '../../client';
import { CaptureObserver } from '../../client/capture-observer';
import { CaptureFile } from '../../client/capture-file';
import { lockOutput } from '../../support/output-lock';
import { whenRead } from '../../support/safe-file';
import { withVerdict } from '../output/lost-output';
import type { CliContext } from '../verb';

/**
 * Does the job with an observer that writes its capture, and ends the capture, whatever happens.
 * @param file `-` for pcapng on standard output
 * @throws what the job throws, WriteFileError
 */
export async function keepingCapture<T>(
  file: string,
  { stdout }: Pick<CliContext, 'stdout'>,
  job: (observer: ConnectionObserver) => Promise<T>,
): Promise<T> {
  const lock = file === '-' ? null : await lockOutput(file);
  try {
    const packets = file === '-' ? captureTo(stdout) : await whenRead(() => new CaptureFile(file));
    return await captured(new CaptureObserver(packets), job);
  } finally {
    await lock?.release();
  }
}

async function captured<T>(
  observer: CaptureObserver,
  job: (observer: ConnectionObserver) => Promise<T>,
): Promise<T> {
  let result: T;
  try {
    result = await job(observer);
  } catch (error) {
    // What the job failed with matters more than that its capture could not be kept.
    attempt(() => observer.finish());
    throw error;
  }
  try {
    observer.finish();
  } catch (error) {
    throw typeof result === 'number' ? withVerdict(error, result) : error;
  }
  return result;
}

/** Packets are handed to the stream as they come: a reader such as tshark sees them at once. */
const captureTo = (stdout: Writable): PacketWriter =>
  new PcapngWriter({ write: (bytes) => void stdout.write(Buffer.from(bytes)), close: () => undefined });

function attempt(run: () => void): void {
  try {
    run();
  } catch {
    // The first failure is the one that is told.
  }
}
