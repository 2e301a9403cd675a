import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { table } from './table';
import { terminalWidth } from './terminal-width';

const ROWS = [
  {
    name: 'cap-49',
    requirements: 'CACHE-02',
    sentence: 'It stops at 49 machines, whatever asks it for more.',
    key: 'any',
  },
  { name: 'cap-51', requirements: 'CACHE-02', sentence: 'It counts one too many.' },
];

describe('a table for a terminal', () => {
  it('folds its widest column to the terminal, and nothing where the output is none', () => {
    const lines = table(ROWS, 'text', 60).trimEnd().split('\n');
    for (const line of lines) expect(line.length, line).to.be.at.most(60);
    expect(lines).to.have.length(4);
    expect(lines[2]).to.match(/^ +\S/);
    const words = (text: string): string[] => text.split(/\s+/).sort();
    expect(words(lines.join(' '))).to.deep.equal(words(table(ROWS, 'text').trim()));
    expect(table(ROWS, 'text').trimEnd().split('\n')).to.have.length(3);
    expect(table(ROWS, 'text', 200)).to.equal(table(ROWS, 'text'));
    expect(table(ROWS, 'text', 5)).to.contain('cap-51');
    expect(table([], 'text', 20)).to.equal(table([], 'text'));
  });

  it('leaves out columns that are empty throughout, and cells that are absent', () => {
    const rows = [
      { id: 'a', count: 3, note: null, tags: ['x'] },
      { id: 'b', count: 0, note: undefined, tags: undefined },
    ];
    expect(table(rows, 'text')).to.equal('id  count  tags\na   3      ["x"]\nb   0\n');
    expect(table(rows, 'markdown')).to.equal(
      '| id | count | tags |\n| --- | --- | --- |\n| a | 3 | ["x"] |\n| b | 0 |  |\n',
    );
    expect(table([{ a: 'one|two *b* <i>\nnext' }], 'markdown')).to.contain(
      '| one\\|two \\*b\\* \\<i\\> next |',
    );
  });

  it('asks the terminal for its width, and nobody else', () => {
    const output = (isTTY: boolean, columns: number): PassThrough =>
      Object.assign(new PassThrough(), { isTTY, columns });
    expect(terminalWidth(output(true, 72))).to.equal(72);
    expect(terminalWidth(output(true, 0))).to.equal(undefined);
    expect(terminalWidth(output(false, 72))).to.equal(undefined);
    expect(terminalWidth(new PassThrough())).to.equal(undefined);
  });
});
