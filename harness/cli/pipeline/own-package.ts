import Module from 'node:module';
import { join } from 'node:path';

/** The folders that the package exports, each under `kmsspec/NAME`. */
const EXPORTED = new Set(['protocol', 'captures', 'harness', 'scenarios', 'reports']);
const PACKAGE = 'kmsspec/';

interface ModuleInternals {
  _resolveFilename(request: string, ...rest: unknown[]): string;
}

/** The file of this program that a name of the package stands for; undefined for what is no such name. */
export function ownFile(request: string): string | undefined {
  if (request === 'kmsspec') return join(__dirname, '../../library');
  const folder = request.startsWith(PACKAGE) ? request.slice(PACKAGE.length) : '';
  return EXPORTED.has(folder) ? join(__dirname, '../../..', folder) : undefined;
}

let installed = false;

/**
 * Lets files outside this package, such as a user's scenarios, import `kmsspec/scenarios` from wherever they lie, and
 * get the modules of the program that runs: another copy would register its scenarios with nobody. Node 20 has no public hook for
 * CommonJS resolution (module.registerHooks came with 22.15), so this takes the one that loaders have always used.
 */
export function resolveOwnPackage(): void {
  if (installed) return;
  installed = true;
  const internals = Module as unknown as ModuleInternals;
  const resolveFilename = internals._resolveFilename.bind(internals);
  internals._resolveFilename = (request, ...rest) => {
    return resolveFilename(ownFile(request) ?? request, ...rest);
  };
}
