import { expect } from 'chai';
import { bytes, bytesOf, itemsOf, layout, list, padding, rest, text, u16, u32, u8 } from '../layout';
import { expectProtocolError } from '../testing/expect-error';
import { decode } from './decode';
import { encode } from './encode';
import { hex } from './json';

describe('a layout of every kind of derivation', () => {
  const item = layout('item', { size: bytesOf(u8('bytes'), 'name'), name: text('name', { field: 'size' }) });
  const whole = layout('whole', {
    count: itemsOf(u16('items'), 'items'),
    items: list('items', item, 'count'),
    padding: padding('to 4', 4),
    dataSize: bytesOf(u32('bytes'), 'data'),
    data: bytes('data', { field: 'dataSize' }),
    more: rest('what is left'),
  });

  it('derives lengths, counts and padding that are left out', () => {
    const encoded = encode(whole, { items: [{ name: 'A' }, { name: '' }], data: Uint8Array.of(7) });
    expect(hex(encoded)).to.equal('0200' + '04' + '41000000' + '02' + '0000' + '0000' + '01000000' + '07');
  });

  it('sends given ones as they are, wrong or not', () => {
    const lying = {
      count: 9,
      items: [{ size: 255, name: 'A' }],
      padding: Uint8Array.of(1, 2, 3, 4, 5),
      dataSize: 0,
    };
    const encoded = encode(whole, { ...lying, data: Uint8Array.of(7) });
    expect(hex(encoded)).to.equal('0900' + 'ff' + '41000000' + '0102030405' + '00000000' + '07');
  });

  it('tells where a nested structure ends too early', () => {
    const encoded = encode(whole, {
      items: [{ name: 'A' }, { size: 9, name: 'B' }],
      data: new Uint8Array(0),
    });
    const error = expectProtocolError(() => decode(whole, encoded));
    expect(error).to.include({ code: 'truncated', path: 'whole.items[1].name', offset: 8 });
    expect(error.expected).to.equal('9 bytes');
    expect(error.actual).to.equal(`${encoded.length - 8} bytes`);
  });

  const refused: readonly [why: string, change: object, message: string][] = [
    [
      'a number that is too large',
      { count: 65536 },
      'whole.count at offset 0: expected an integer of 2 bytes, found 65536',
    ],
    ['a negative number', { count: -1 }, 'whole.count at offset 0: expected an integer of 2 bytes, found -1'],
    ['a fraction', { count: 0.5 }, 'whole.count at offset 0: expected an integer of 2 bytes, found 0.5'],
    ['NaN', { count: Number.NaN }, 'whole.count at offset 0: expected an integer of 2 bytes, found NaN'],
    [
      'a bigint for a number',
      { count: 1n },
      'whole.count at offset 0: expected an integer of 2 bytes, found 1',
    ],
    [
      'text for a number',
      { count: '1' },
      'whole.count at offset 0: expected an integer of 2 bytes, found "1"',
    ],
    [
      'null for a number',
      { count: null },
      'whole.count at offset 0: expected an integer of 2 bytes, found a value of type object',
    ],
    ['no list', { items: undefined }, 'whole.items at offset 2: expected a list, found nothing'],
    ['a number for a list', { items: 3 }, 'whole.items at offset 2: expected a list, found 3'],
    [
      'nothing for an item',
      { items: [{ name: 'A' }, undefined] },
      'whole.items at offset 7: expected a structure, found nothing',
    ],
    [
      'null for an item',
      { items: [null] },
      'whole.items at offset 2: expected a structure, found a value of type object',
    ],
    ['text for an item', { items: ['A'] }, 'whole.items at offset 2: expected a structure, found "A"'],
    ['a number for bytes', { data: 3 }, 'whole.data at offset 8: expected 0 bytes, found 3'],
    ['a number for padding', { padding: 3 }, 'whole.padding at offset 2: expected 0 bytes, found 3'],
    [
      'a number for text',
      { items: [{ name: 3 }] },
      'item.name at offset 3: expected text of at most -1 code units, found 3',
    ],
  ];
  for (const [why, change, message] of refused) {
    it(`refuses ${why}`, () => {
      const value = { items: [], data: Buffer.alloc(0), ...change };
      const error = expectProtocolError(() => encode(whole, value as never));
      expect(error.message).to.equal(`${message} (bad-input)`);
    });
  }

  it('never lets old memory show where a value is left out', () => {
    for (let i = 0; i < 50; i++) Buffer.allocUnsafe(64).fill(0xee);
    const padded = layout('padded', { a: u8('a'), padding: padding('to 8', 8), fixed: bytes('fixed', 8) });
    expect(hex(encode(padded, { a: 1, fixed: new Uint8Array(8) }))).to.equal('01' + '00'.repeat(15));
  });
});
