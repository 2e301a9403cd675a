import { expect } from 'chai';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SaxesParser } from 'saxes';
import { packageRoot } from '../../support/package-root';
import { xmlRecord } from './xml-event';

const PLACE = { unit: 'event', number: 1 };
const TEN = readFileSync(join(packageRoot(), 'harness/jobs/events/testing/field/ten-data.xml'), 'utf8');
const EVENT = TEN.slice(0, TEN.indexOf('</Event>') + '</Event>'.length);

/** Texts of `<Data>` by a parser of all XML; null where it finds the text not well-formed. */
function dataBySaxes(text: string): string[] | null {
  const data: string[] = [];
  const open: { readonly name: string; text: string }[] = [];
  let isSound = true;
  const parser = new SaxesParser({ fragment: true });
  parser.on('error', () => void (isSound = false));
  parser.on('doctype', () => void (isSound = false));
  parser.on('opentag', ({ name }) => void open.push({ name, text: '' }));
  parser.on('closetag', () => {
    const { name, text: own } = open.pop()!;
    if (name === 'Data' && open.at(-1)?.name !== 'System') data.push(own);
  });
  const onText = (piece: string): void => {
    const element = open.at(-1);
    if (element !== undefined) element.text += piece;
  };
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.write(text).close();
  return isSound ? data : null;
}

describe('one <Event>', () => {
  it('is read with its number, host, time and fields', () => {
    const record = xmlRecord(EVENT, PLACE)!;
    expect(record).to.include({
      id: 12290,
      provider: 'Microsoft-Windows-Security-SPP',
      computer: 'kms01.example.test',
      loggedAt: Date.UTC(2026, 10, 21, 7, 16, 54),
    });
    expect(record.place).to.deep.equal({ unit: 'event record', number: 100 });
    expect(record.data).to.deep.equal(dataBySaxes(EVENT)).and.to.have.length(10);
  });

  it('gives the same fields as a parser of all XML, wherever it is changed and that finds it well-formed', () => {
    const piece = fc.constantFrom(
      '&amp;',
      '&#65;',
      '&#x42;',
      '<![CDATA[<&>]]>',
      '<!-- & -->',
      '<?a b?>',
      ' ',
      "'",
      '"',
      '/',
      '>',
      '<',
      '<Data/>',
      '<b c="d>">e</b>',
      '&',
      ';',
    );
    const changed = fc
      .tuple(fc.nat(EVENT.length), fc.nat(3), piece)
      .map(([at, length, text]) => EVENT.slice(0, at) + text + EVENT.slice(at + length));
    let compared = 0;
    fc.assert(
      fc.property(changed, (text) => {
        const expected = dataBySaxes(text);
        const record = xmlRecord(text, PLACE);
        if (expected === null || !text.includes('<EventData><Data>')) return;
        compared++;
        expect(record, text).to.not.equal(null);
        expect(record!.data, text).to.deep.equal(expected);
      }),
      { numRuns: 2000 },
    );
    expect(compared).to.be.greaterThan(300);
  });

  it('is none where elements do not end as they begin, or an entity is not XML’s own', () => {
    for (const text of [
      '<Event>',
      '<Event></Data>',
      '<Event><Data></Event>',
      '<Event>&lol;</Event>',
      '<Event',
      '<Event a="b></Event>',
      '',
    ]) {
      expect(xmlRecord(text, PLACE), text).to.equal(null);
    }
  });
});
