import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../../support/usage-error';
import { ownFile } from './own-package';

type TypeScript = typeof import('typescript');

/** What this asks of Node beyond what 20 has. */
interface NewerModule {
  registerHooks?(hooks: {
    resolve(specifier: string, context: object, next: (specifier: string, context: object) => object): object;
  }): void;
}

/**
 * Lets `require` load files in TypeScript, types stripped and unchecked: by the package typescript where the folder or kmsspec has it,
 * else by Node itself where it strips types (22.18 and later). Where something loads TypeScript already, as in tests of this project, that serves.
 * @param folder where the files stand
 * @throws UsageError that names both ways, where there is neither
 */
export function loadTypeScript(folder: string): void {
  if (require.extensions['.ts'] !== undefined && !nodeStripsTypes()) return;
  const typescript = findTypeScript(folder);
  if (typescript !== undefined) return compileWith(typescript);
  if (!nodeStripsTypes())
    throw new UsageError(
      `scenarios in TypeScript need the package typescript with Node ${process.version}: npm install --save-dev typescript, or take Node 22.18 or later, which needs none`,
    );
  resolveOwnModules();
}

const nodeStripsTypes = (): boolean => Boolean((process.features as { typescript?: unknown }).typescript);

function findTypeScript(folder: string): TypeScript | undefined {
  for (const from of [join(folder, 'index.js'), __filename]) {
    try {
      return createRequire(from)('typescript') as TypeScript;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  return undefined;
}

interface Compiling extends NodeJS.Module {
  _compile(code: string, file: string): void;
}

function compileWith(typescript: TypeScript): void {
  const compile = (module: NodeJS.Module, fileName: string): void => {
    const { outputText } = typescript.transpileModule(readFileSync(fileName, 'utf8'), {
      fileName,
      compilerOptions: {
        module: typescript.ModuleKind.CommonJS,
        target: typescript.ScriptTarget.ES2022,
        esModuleInterop: true,
        inlineSourceMap: true,
      },
    });
    (module as Compiling)._compile(outputText, fileName);
  };
  for (const extension of ['.ts', '.cts']) require.extensions[extension] = compile;
}

/** Modules that Node loads by itself ask for this package past `require`: they are given the modules of the program that runs too. */
function resolveOwnModules(): void {
  (Module as unknown as NewerModule).registerHooks?.({
    resolve(specifier, context, next) {
      const own = ownFile(specifier);
      if (own === undefined) return next(specifier, context);
      return { url: pathToFileURL(require.resolve(own)).href, shortCircuit: true };
    },
  });
}
