import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../support/package-root';
import { type InProcessRun, runInProcess } from './in-process';

/** A recorded capture by its name without `.pcap`. */
export const corpus = (name: string): string => join(packageRoot(), 'captures/corpus', `${name}.pcap`);

/** A folder that each test has for itself, and the program in it. */
export class WorkFolder {
  #path = '';

  /** To be called where the tests are declared: makes the folder before each, and removes it after. */
  constructor() {
    beforeEach(async () => void (this.#path = await mkdtemp(join(tmpdir(), 'verbs-test-'))));
    afterEach(() => rm(this.#path, { recursive: true }));
  }

  get path(): string {
    return this.#path;
  }

  file(name: string): string {
    return join(this.#path, name);
  }

  remove(name: string): Promise<void> {
    return rm(this.file(name), { recursive: true });
  }

  run(
    argv: readonly string[],
    options: Partial<Parameters<typeof runInProcess>[1]> = {},
  ): Promise<InProcessRun> {
    return runInProcess([...argv], { ...options, cwd: this.#path });
  }
}

/** What an error is to be: one or two lines, no stack. */
export function expectOneLine({ stderr }: InProcessRun): void {
  expect(stderr.trim().split('\n').length, stderr).to.be.within(1, 2);
  expect(stderr)
    .to.match(/^kmsspec: /)
    .and.not.match(/\n\s+at /);
}
