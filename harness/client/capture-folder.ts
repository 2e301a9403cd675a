import { join } from 'node:path';
import { CaptureFile } from './capture-file';
import { CaptureObserver } from './capture-observer';
import type { ConnectionObserver } from './observer';

/** Captures side by side in a folder, each of what was sent and received for one thing that has a name: `--pcap-dir DIR`. */
export class CaptureFolder {
  readonly #kept = new Map<string, KeptCapture>();

  /** @param folder a folder that is there */
  constructor(readonly folder: string) {}

  /** The writer of `NAME.pcapng`, the same one for the same name. A file is made once something is connected to. */
  of(name: string): ConnectionObserver {
    const file = join(this.folder, `${fileName(name)}.pcapng`);
    const kept = this.#kept.get(file) ?? new KeptCapture(file);
    this.#kept.set(file, kept);
    return kept;
  }

  /**
   * Ends all captures. @returns how many there are
   * @throws WriteFileError that names the first that could not be written; the others are whole
   */
  finish(): number {
    let failed: unknown;
    let made = 0;
    for (const capture of this.#kept.values()) {
      try {
        if (capture.finish()) made++;
      } catch (error) {
        failed ??= error;
      }
    }
    if (failed !== undefined) throw failed as Error;
    return made;
  }
}

/** A name of a requirement of one's own may be anything: what is no plain part of a file name becomes `_`. */
const fileName = (name: string): string => name.replace(/[^\w-]/g, '_');

/** One capture, whose file is made when the first connection opens. A file that cannot be made is told by `finish`. */
class KeptCapture implements ConnectionObserver {
  #observer: CaptureObserver | null = null;
  #failed: unknown = null;

  constructor(private readonly file: string) {}

  opened(...of: Parameters<CaptureObserver['opened']>): void {
    if (this.#observer === null && this.#failed === null) {
      try {
        this.#observer = new CaptureObserver(new CaptureFile(this.file));
      } catch (error) {
        this.#failed = error;
      }
    }
    this.#observer?.opened(...of);
  }

  sent(...of: Parameters<CaptureObserver['sent']>): void {
    this.#observer?.sent(...of);
  }

  received(...of: Parameters<CaptureObserver['received']>): void {
    this.#observer?.received(...of);
  }

  closed(...of: Parameters<CaptureObserver['closed']>): void {
    this.#observer?.closed(...of);
  }

  /** @returns whether there is a capture @throws WriteFileError */
  finish(): boolean {
    if (this.#failed !== null) throw this.#failed as Error;
    this.#observer?.finish();
    return this.#observer !== null;
  }
}
