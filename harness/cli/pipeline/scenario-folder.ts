import { readdirSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { UsageError } from '../../support/usage-error';
import { loadTypeScript } from './load-typescript';
import { resolveOwnPackage } from './own-package';
import { whyUnreadable } from '../../support/why-unreadable';

/**
 * Scenario files of a user's own, `*.spec.ts` or `*.spec.js`, with what loads TypeScript in place.
 * @throws UsageError where the folder cannot be read or holds none
 */
export function ownScenarioFiles(folder: string, cwd: string): string[] {
  const path = resolve(cwd, folder);
  const files = scenarioNames(path).map((name) => join(path, name));
  if (files.length === 0)
    throw new UsageError(`${path} holds no scenario: none of its files is named *.spec.ts`);
  resolveOwnPackage();
  if (files.some((file) => file.endsWith('.ts'))) loadTypeScript(path);
  return files;
}

/** Lets the modules of a folder be loaded anew: scenario files, and what they share. */
export function forgetScenarios(folder: string, cwd: string): void {
  const within = resolve(cwd, folder) + sep;
  for (const file of Object.keys(require.cache)) if (file.startsWith(within)) delete require.cache[file];
}

function scenarioNames(path: string): string[] {
  try {
    return readdirSync(path)
      .filter((name) => /\.spec\.(ts|js|cts|cjs)$/.test(name))
      .sort();
  } catch (error) {
    throw new UsageError(`the scenarios ${path} cannot be read (${whyUnreadable(error)}): name a folder`, {
      cause: error,
    });
  }
}
