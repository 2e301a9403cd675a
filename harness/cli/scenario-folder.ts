import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../usage-error';
import { resolveOwnPackage } from './own-package';

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
  if (files.some((file) => file.endsWith('.ts'))) loadTypeScript();
  return files;
}

function scenarioNames(path: string): string[] {
  try {
    return readdirSync(path)
      .filter((name) => /\.spec\.(ts|js|cts|cjs)$/.test(name))
      .sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`the scenarios ${path} cannot be read (${code}): name a folder`, { cause: error });
  }
}

/** Where TypeScript is loaded already, as in the tests of this project, that serves. */
function loadTypeScript(): void {
  if (require.extensions['.ts'] !== undefined) return;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only where there is TypeScript to load
  const { register } = require('ts-node') as typeof import('ts-node');
  register({
    transpileOnly: true,
    skipProject: true,
    ignore: [],
    compilerOptions: {
      module: 'nodenext',
      moduleResolution: 'nodenext',
      target: 'es2022',
      esModuleInterop: true,
    },
  });
}
