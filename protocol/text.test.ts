import { expect } from 'chai';
import { hex } from './codec/json';
import { displayText, readFilledText, readTerminatedText, writeUnits } from './text';

const read = (
  reader: (bytes: Uint8Array, start: number, end: number) => string | Uint8Array,
  octets: string,
): string => {
  // Octets around the field must have no part in it.
  const around = Buffer.from(`4141${octets.replaceAll(' ', '')}4242`, 'hex');
  const value = reader(around, 2, around.length - 2);
  return typeof value === 'string' ? JSON.stringify(value) : `<${hex(value)}>`;
};

describe('text that fills a variable field (ePID)', () => {
  const cases: readonly [octets: string, value: string, why: string][] = [
    ['', '<>', 'nothing is no NUL-terminated text'],
    ['00', '<00>', 'half a NUL'],
    ['0000', '""', 'an empty text'],
    ['4100 0000', '"A"', 'one letter'],
    ['4100', '<4100>', 'no NUL'],
    ['4100 00', '<410000>', 'an odd size'],
    ['4100 0000 00', '<4100000000>', 'an odd size with a NUL'],
    ['4100 0001', '<41000001>', 'U+0100 at the end is no NUL'],
    ['4100 0000 4200 0000', '"A\\u0000B"', 'a NUL inside is kept'],
    ['4100 0000 0000', '"A\\u0000"', 'a second NUL is kept'],
    ['00d8 0000', '"\\ud800"', 'an unpaired high surrogate is kept'],
    ['00dc 00d8 0000', '"\\udc00\\ud800"', 'surrogates in the wrong order are kept'],
    ['3dd8 00de 0000', '"😀"', 'a pair'],
  ];
  for (const [octets, value, why] of cases) {
    it(`${octets || 'no octets'}: ${why}`, () => expect(read(readTerminatedText, octets)).to.equal(value));
  }
  it('octets in front of it have no part in it, NULs neither', () => {
    expect(readTerminatedText(new Uint8Array(4), 2, 2)).to.deep.equal(new Uint8Array(0));
    expect(readTerminatedText(new Uint8Array(4), 2, 3)).to.deep.equal(new Uint8Array(1));
  });
  it('a byte order mark is a code unit like any other', () => {
    const value = readTerminatedText(Buffer.from('fffe0000', 'hex'), 0, 4);
    expect(value).to.equal('\ufeff');
  });
});

describe('text that is zero-filled to the end of a fixed field (workstation name)', () => {
  const cases: readonly [octets: string, value: string, why: string][] = [
    ['0000 0000 0000', '""', 'all zeros are an empty name'],
    ['4100 0000 0000', '"A"', 'one letter'],
    ['4100 4200 0000', '"AB"', 'as long as fits with its NUL'],
    ['4100 4200 4300', '<410042004300>', 'no NUL'],
    ['4100 4200 0001', '<410042000001>', 'U+0100 at the end is no NUL'],
    ['4100 4200 00', '<4100420000>', 'half a NUL'],
    ['0001 0000 0000', '"\u0100"', 'a low octet of zero belongs to its code unit'],
    ['4100 0001 0000', '"A\u0100"', 'also as the last one'],
    ['4100 0000 4200', '<410000004200>', 'octets behind the NUL, and none behind them'],
    ['4100 0000 4200 0000', '"A\\u0000B"', 'a NUL inside is kept'],
    ['00d8 0000 0000', '"\\ud800"', 'an unpaired surrogate is kept'],
  ];
  for (const [octets, value, why] of cases) {
    it(`${octets}: ${why}`, () => expect(read(readFilledText, octets)).to.equal(value));
  }
});

describe('text in a fixed field between zeros', () => {
  it('takes none of them along', () => {
    expect(readFilledText(new Uint8Array(10), 3, 7)).to.equal('');
    expect(readFilledText(Uint8Array.of(0, 0, 0x41, 0, 0, 0, 0, 0), 2, 6)).to.equal('A');
  });
});

describe('writing and showing text', () => {
  it('writes code units as they are, and nothing beyond them', () => {
    const target = new Uint8Array(8).fill(0xee);
    writeUnits(target, 1, 'A\ud800\u0100');
    expect(hex(target)).to.equal('ee410000d80001ee');
  });

  it('shows what stands in front of the first NUL', () => {
    expect(displayText('A\0B')).to.equal('A');
    expect(displayText('\0A')).to.equal('');
    expect(displayText('')).to.equal('');
    expect(displayText(Buffer.from('4100420043', 'hex'))).to.equal('AB');
    expect(displayText(new Uint8Array(0))).to.equal('');
  });
});
