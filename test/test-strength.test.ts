import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Reason, unmatched } from '../bench/mutation/reasons';
import { type FileResult, survivorsOf } from '../bench/mutation/results';
import { packageRoot } from '../harness/support/package-root';

const read = (file: string): string => readFileSync(join(packageRoot(), file), 'utf8');
const reasons = JSON.parse(read('bench/mutation/survivors.json')) as Reason[];

describe('survivors of mutation tests', () => {
  it('have a reason each, and stand in code that is still there', () => {
    for (const { reason, survivors } of reasons) {
      expect(reason).to.match(/\w.{20,}\.$/s);
      for (const { file, line } of survivors) {
        expect(existsSync(join(packageRoot(), file)), file).to.be.true;
        const lines = read(file)
          .split('\n')
          .map((text) => text.trim());
        expect(lines, `${file} has changed: npm run mutation -- ${file}`).to.include(line);
      }
    }
  });

  it('are those of docs/test-strength.md', () => {
    const page = read('docs/test-strength.md');
    for (const { reason, survivors } of reasons) {
      expect(page).to.include(reason);
      for (const { file, line } of survivors)
        expect(page).to.include(`| ${file} | \`\` ${line.replaceAll('|', '\\|')}`);
    }
  });

  // A result as Stryker writes it: lines and columns from 1.
  const result: FileResult = {
    source: 'one();\n  if (a < b) return [\n    c,\n  ];\n',
    seconds: 1,
    mutants: [
      mutant('Survived', 2, 7, 2, 12, 'a <= b'),
      mutant('Killed', 1, 1, 1, 6, 'false'),
      mutant('Timeout', 1, 1, 1, 6, 'true'),
      mutant('NoCoverage', 2, 21, 4, 4, '[]'),
    ],
  };
  const survivors = [
    { file: 'x.ts', line: 'if (a < b) return [', change: 'a < b → a <= b' },
    { file: 'x.ts', line: 'if (a < b) return [', change: '[ c, ] → []' },
  ];

  it('are named by what they change, wherever it stands', () => {
    expect(survivorsOf('x.ts', result)).to.deep.equal(survivors);
  });

  it('are missed without a reason, as are reasons without a survivor', () => {
    const [first, second] = survivors;
    const known = [{ reason: 'Because.', survivors: [first!] }];
    expect(unmatched(survivors, known, () => true)).to.deep.equal({ unexplained: [second], outdated: [] });
    expect(unmatched([second!], known, () => true)).to.deep.equal({
      unexplained: [second],
      outdated: [first],
    });
    expect(unmatched([], known, (file) => file !== 'x.ts').outdated).to.deep.equal([]);
    expect(unmatched([first!, first!], known, () => true).unexplained).to.deep.equal([first]);
  });
});

function mutant(
  status: string,
  line: number,
  column: number,
  endLine: number,
  endColumn: number,
  replacement: string,
): FileResult['mutants'][number] {
  const location = { start: { line, column }, end: { line: endLine, column: endColumn } };
  return { mutatorName: 'Any', status, replacement, location };
}
