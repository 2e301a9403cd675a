import { expect } from 'chai';
import fc from 'fast-check';
import Papa from 'papaparse';
import { CsvSplitter } from './csv-splitter';

/** @param pieces the text, cut anyhow */
function recordsOf(pieces: readonly string[], delimiter = ','): { records: string[][]; whole: boolean } {
  const records: string[][] = [];
  let whole = true;
  const splitter = new CsvSplitter(delimiter, (cells, isWhole) => {
    records.push([...cells]);
    whole &&= isWhole;
  });
  for (const piece of pieces) splitter.push(piece);
  splitter.end();
  return { records, whole };
}

describe('CSV in pieces', () => {
  it('is what Papa Parse reads of it, however it is cut', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r', ' ', 'é'), maxLength: 6 });
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(rows, fc.constantFrom(',', ';'), fc.nat(), fc.nat(), (data, delimiter, one, other) => {
        const text = Papa.unparse(data, { delimiter, quotes: true, newline: '\r\n' });
        const [first, second] = [one % (text.length + 1), other % (text.length + 1)].sort(
          (a, b) => a - b,
        ) as [number, number];
        const pieces = [text.slice(0, first), text.slice(first, second), text.slice(second)];
        const { records, whole } = recordsOf(pieces, delimiter);
        expect(whole).to.equal(true);
        expect(records).to.deep.equal(Papa.parse<string[]>(text, { delimiter }).data);
      }),
    );
  });

  it('without quotes, with empty lines and ends of all kinds', () => {
    expect(recordsOf(['a,b\r', '\nc,d\n\n\re, "f"\r\n']).records).to.deep.equal([
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
    ]);
  });

  it('with a quote left open is told, and a file of delimiters or of one line keeps the memory', () => {
    expect(recordsOf(['a,b\n"c,d\ne,f']).whole).to.equal(false);
    const { records } = recordsOf([','.repeat(1_000_000)]);
    expect(records[0]).to.have.length.below(20_000);
    expect(
      recordsOf(Array.from({ length: 100 }, () => 'x'.repeat(100_000))).records.length,
    ).to.be.greaterThan(1);
  });
});
