import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pause, type Watched } from './watched';

/** How often files are looked at. They are few and small: reading them tells a change on every file system, which events do not. */
const LOOK_MS = 300;

/** Files, and those in folders, whose change calls for another run. */
export class WatchedFiles implements Watched {
  #before: ReadonlyMap<string, string>;

  /** @param paths absolute; what is not there is watched too: it may come */
  constructor(
    private readonly paths: readonly string[],
    private readonly lookMs = LOOK_MS,
  ) {
    this.#before = stateOf(paths);
  }

  mark(): void {
    this.#before = stateOf(this.paths);
  }

  async changed(signal: AbortSignal): Promise<string | null> {
    while (await pause(this.lookMs, signal)) {
      const files = differing(this.#before, stateOf(this.paths));
      if (files.length === 0) continue;
      await this.#untilStill(signal);
      return `${files.join(', ')} changed`;
    }
    return null;
  }

  /** An editor writes in several steps, a build several files. */
  async #untilStill(signal: AbortSignal): Promise<void> {
    for (let last = stateOf(this.paths); await pause(this.lookMs, signal); ) {
      const now = stateOf(this.paths);
      if (differing(last, now).length === 0) return;
      last = now;
    }
  }
}

function differing(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (file) => before.get(file) !== after.get(file),
  );
}

/** Each file with what tells its content; folders by what stands in them, at any depth. */
function stateOf(paths: readonly string[]): Map<string, string> {
  const state = new Map<string, string>();
  for (const path of paths) {
    for (const file of filesOf(path)) {
      try {
        if (statSync(file).isFile())
          state.set(file, createHash('sha256').update(readFileSync(file)).digest('hex'));
      } catch {
        // It went away, or may not be read: it is as if it were not there.
      }
    }
  }
  return state;
}

function filesOf(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
      if (entry.name === 'node_modules' || entry.name.startsWith('.')) return [];
      const inner = join(path, entry.name);
      return entry.isDirectory() ? filesOf(inner) : entry.isFile() ? [inner] : [];
    });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOTDIR' ? [path] : [];
  }
}
