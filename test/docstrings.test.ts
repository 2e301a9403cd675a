import { expect } from 'chai';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { packageRoot } from '../harness/support/package-root';

const root = packageRoot();
/** What `import 'kmsspec'` gives; its subpaths are looked at by whoever adds to them. */
const ENTRY = join(root, 'harness', 'library', 'index.ts');

/** Every export of a module, and those among them that nothing is said of. */
function exportsOf(file: string): {
  readonly all: readonly string[];
  readonly undocumented: readonly string[];
} {
  const { options } = ts.parseJsonConfigFileContent({ extends: './tsconfig.json' }, ts.sys, root);
  const program = ts.createProgram([file], { ...options, noEmit: true, noLib: true, types: [] });
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
  const all = checker.getExportsOfModule(module).map((exported) => {
    const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
    const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported;
    const place = symbol.declarations?.[0]?.getSourceFile().fileName ?? file;
    const name = `${relative(root, place)}: ${exported.name}`;
    return { name, isDocumented: symbol.getDocumentationComment(checker).length > 0 };
  });
  return {
    all: all.map(({ name }) => name),
    undocumented: all.filter(({ isDocumented }) => !isDocumented).map(({ name }) => name),
  };
}

describe('the library', () => {
  it('says of each export what it is', () => {
    const { all, undocumented } = exportsOf(ENTRY);
    expect(all.length).to.be.at.least(20);
    expect(undocumented).to.deep.equal([]);
  }).timeout(120_000);
});
