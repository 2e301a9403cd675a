import { expect } from 'chai';
import stringWidth from 'string-width';
import { columns, columnWidths, pad, textWidth } from './columns';

describe('columns of text', () => {
  it('are as wide as a terminal shows them: wide letters, joined marks, emoji of several parts', () => {
    expect(['kms', 'é', 'e\u0301', '漢字', '👩‍👩‍👧', '\u001b[31mred\u001b[39m'].map(textWidth)).to.deep.equal(
      [3, 1, 1, 4, 2, 3],
    );
    expect(
      columns([
        ['漢字', 'x'],
        ['abc', 'y'],
        ['e\u0301', 'z'],
      ]),
    ).to.deep.equal(['漢字  x', 'abc   y', 'e\u0301     z']);
  });

  it('takes what it need not look up for as wide as the table of widths says', () => {
    for (const sign of [...' ~·–—…×°µ○●✓✗']) expect(textWidth(sign), sign).to.equal(stringWidth(sign));
    const ascii = String.fromCharCode(...Array.from({ length: 95 }, (_, i) => 0x20 + i));
    expect(textWidth(ascii)).to.equal(stringWidth(ascii)).and.equal(95);
  });

  it('pad to the left or to the right, and leave alone what is too wide', () => {
    expect(pad('漢', 4)).to.equal('漢  ');
    expect(pad('漢', 4, 'right')).to.equal('  漢');
    expect(pad('漢字', 3)).to.equal('漢字');
  });

  it('take rows of any length, and end no line in blanks', () => {
    const rows = [['suite', 'passed'], ['CNT'], [], ['ROB', '7', '']];
    expect(columnWidths(rows)).to.deep.equal([5, 6, 0]);
    expect(columns(rows, { left: 'first', indent: '> ' })).to.deep.equal([
      '> suite  passed',
      '> CNT',
      '>',
      '> ROB         7',
    ]);
    expect(columns([])).to.deep.equal([]);
  });

  it('have the widths and the gap that they are given', () => {
    expect(columns([['a', 'b', 'c']], { widths: [3, 1], gap: '|' })).to.deep.equal(['a  |b|c']);
  });
});
