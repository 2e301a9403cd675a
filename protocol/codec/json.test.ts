import { expect } from 'chai';
import { filetime, guid, layout, list, ndrUint, padding, rest, struct, text, u16, u64, u8 } from '../layout';
import { displayValue, hex, toJson } from './json';

const item = layout('item', { id: guid('id'), octet: u8('octet') });
const whole = layout('whole', {
  version: u16('version', { values: { 4: 'v4' } }),
  large: u64('large'),
  time: filetime('time'),
  length: ndrUint('length'),
  name: text('name', 8),
  one: struct('one', item),
  count: u8('count'),
  items: list('items', item, 'count'),
  padding: padding('to 4', 4),
  rest: rest('rest'),
});
const ID = '51c82175-844e-4750-b0d8-ec255555bc06';
const value = {
  version: 4,
  large: (1n << 64n) - 1n,
  time: 1n,
  length: 3n,
  name: 'A"\u00fc',
  one: { id: ID, octet: 255 },
  count: 1,
  items: [{ id: ID, octet: 0 }],
  padding: Uint8Array.of(0, 10),
  rest: new Uint8Array(0),
};

describe('a value as JSON', () => {
  it('has decimal strings for 64 bits, hexadecimal for bytes, the rest as it is', () => {
    expect(toJson(whole, value)).to.deep.equal({
      version: 4,
      large: '18446744073709551615',
      time: '1',
      length: '3',
      name: 'A"\u00fc',
      one: { id: ID, octet: 255 },
      count: 1,
      items: [{ id: ID, octet: 0 }],
      padding: '000a',
      rest: '',
    });
  });

  it('tells text that is none by its bytes', () => {
    expect(toJson(whole, { ...value, name: Uint8Array.of(0x41, 0xff) }).name).to.deep.equal({ hex: '41ff' });
  });
});

describe('a value for people', () => {
  const cases: readonly [field: keyof typeof whole.fields, value: unknown, shown: string][] = [
    ['version', 4, '4 (v4)'],
    ['version', 9, '9'],
    ['count', 4, '4'],
    ['large', 116_444_736_000_000_000n, '116444736000000000'],
    ['time', 116_444_736_000_000_000n, '1970-01-01T00:00:00.0000000Z'],
    ['length', 3n, '3'],
    ['name', 'A"\u00fc', '"A\\"\u00fc"'],
    ['name', Uint8Array.of(0x41, 0xff), 'not text: 41ff'],
    ['padding', Uint8Array.of(0, 10), '000a'],
    ['rest', Uint8Array.of(1), '01'],
  ];
  for (const [field, given, shown] of cases) {
    it(`${field}: ${shown}`, () => expect(displayValue(whole.fields[field], given)).to.equal(shown));
  }
  it('a GUID as it is written', () => expect(displayValue(item.fields.id, ID)).to.equal(ID));

  it('bytes are those of the view, not of what it is a view of', () => {
    expect(hex(Uint8Array.of(1, 2, 3, 4).subarray(1, 3))).to.equal('0203');
  });
});
