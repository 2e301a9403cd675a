import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { packageRoot } from '../harness/support/package-root';

const root = packageRoot();

/** The modules that `import 'kmsspec'` and its subpaths are compiled from, by what package.json exports with types. */
function modules(): Map<string, string> {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    exports: Readonly<Record<string, string | { types: string }>>;
  };
  return new Map(
    Object.entries(exports).flatMap(([path, target]) =>
      typeof target === 'string'
        ? []
        : [[path, join(root, target.types.replace(/^\.\/dist\//, '').replace(/\.d\.ts$/, '.ts'))]],
    ),
  );
}

/** Every export of each module, and those among them that nothing is said of. */
function exportsOf(files: readonly string[]): { readonly all: number; readonly undocumented: string[] }[] {
  const { options } = ts.parseJsonConfigFileContent({ extends: './tsconfig.json' }, ts.sys, root);
  const program = ts.createProgram(files, { ...options, noEmit: true, noLib: true, types: [] });
  const checker = program.getTypeChecker();
  return files.map((file) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
    const all = checker.getExportsOfModule(module).map((exported) => {
      const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
      const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported;
      const place = symbol.declarations?.[0]?.getSourceFile().fileName ?? file;
      const name = `${relative(root, place)}: ${exported.name}`;
      return { name, isDocumented: symbol.getDocumentationComment(checker).length > 0 };
    });
    return {
      all: all.length,
      undocumented: all.filter(({ isDocumented }) => !isDocumented).map(({ name }) => name),
    };
  });
}

describe('the library', () => {
  it('says of each export what it is, in each of its modules', () => {
    const files = modules();
    expect([...files.keys()]).to.include.members(['.', './protocol', './captures', './harness']);
    for (const { all, undocumented } of exportsOf([...files.values()])) {
      expect(all).to.be.at.least(20);
      expect(undocumented).to.deep.equal([]);
    }
  }).timeout(120_000);
});
