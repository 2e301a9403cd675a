import { expect } from 'chai';
import { bytes, bytesOf, guid, layout, ndrUint, struct, text, u32, u64, u8 } from '../layout';
import { expectProtocolError } from '../testing/expect-error';
import { Cursor, decode, decodeFrom, decoderOf, fieldMap } from './decode';
import { encode } from './encode';
import { hex } from './json';

describe('the edges of each kind of field', () => {
  const fixed = layout('fixed', {
    octet: u8('octet'),
    long: u32('long'),
    large: u64('large'),
    id: guid('id'),
    bytes: bytes('bytes', 3),
    text: text('text', 6),
    inner: struct('inner', layout('inner', { octet: u8('octet') })),
  });
  const good = {
    octet: 0xff,
    long: 0xffffffff,
    large: (1n << 64n) - 1n,
    id: '00112233-4455-6677-8899-aabbccddeeff',
    bytes: Uint8Array.of(1, 2, 3),
    text: 'AB',
    inner: { octet: 7 },
  };

  it('takes the largest value of each field', () => {
    const encoded =
      'ff' +
      'ffffffff' +
      'ffffffffffffffff' +
      '33221100554477668899aabbccddeeff' +
      '010203' +
      '410042000000' +
      '07';
    expect(hex(encode(fixed, good))).to.equal(encoded);
    expect(decode(fixed, Uint8Array.from(Buffer.from(encoded, 'hex')))).to.deep.equal(good);
  });

  const beyond: readonly [why: string, change: object, message: string][] = [
    ['256 in an octet', { octet: 256 }, 'fixed.octet at offset 0: expected an integer of 1 bytes, found 256'],
    [
      '2^32 in four',
      { long: 2 ** 32 },
      'fixed.long at offset 1: expected an integer of 4 bytes, found 4294967296',
    ],
    [
      '2^64 in eight',
      { large: 1n << 64n },
      'fixed.large at offset 5: expected a bigint of 8 bytes, found 18446744073709551616',
    ],
    ['-1 in eight', { large: -1n }, 'fixed.large at offset 5: expected a bigint of 8 bytes, found -1'],
    ['a number in eight', { large: 1 }, 'fixed.large at offset 5: expected a bigint of 8 bytes, found 1'],
    [
      'nothing where nothing stands for it',
      { long: undefined },
      'fixed.long at offset 1: expected an integer of 4 bytes, found nothing',
    ],
    [
      'no GUID',
      { id: 'x' },
      'fixed.id at offset 13: expected a GUID xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx, found "x"',
    ],
    ['a number for a GUID', { id: 5 }, 'fixed.id at offset 13: expected a GUID, found 5'],
    [
      'too few bytes',
      { bytes: new Uint8Array(2) },
      'fixed.bytes at offset 29: expected 3 bytes, found 2 bytes',
    ],
    [
      'too many bytes',
      { bytes: new Uint8Array(4) },
      'fixed.bytes at offset 29: expected 3 bytes, found 4 bytes',
    ],
    ['text for bytes', { bytes: 'abc' }, 'fixed.bytes at offset 29: expected 3 bytes, found "abc"'],
    [
      'text without room for its NUL',
      { text: 'ABC' },
      'fixed.text at offset 32: expected text of at most 2 code units, found "ABC"',
    ],
    [
      'too many bytes for text',
      { text: new Uint8Array(7) },
      'fixed.text at offset 32: expected 6 bytes, found 7 bytes',
    ],
    [
      'few bytes for text',
      { text: new Uint8Array(2) },
      'fixed.text at offset 32: expected 6 bytes, found 2 bytes',
    ],
    [
      'a truth value for text',
      { text: true },
      'fixed.text at offset 32: expected text of at most 2 code units, found a value of type boolean',
    ],
    ['no structure', { inner: undefined }, 'fixed.inner at offset 38: expected a structure, found nothing'],
  ];
  for (const [why, change, message] of beyond) {
    it(`refuses ${why}`, () => {
      const error = expectProtocolError(() => encode(fixed, { ...good, ...change }));
      expect(error.message).to.equal(`${message} (bad-input)`);
    });
  }

  it('names the field that the bytes end in, for each length', () => {
    const encoded = encode(fixed, good);
    const starts: readonly [field: string, offset: number, size: number][] = [
      ['octet', 0, 1],
      ['long', 1, 4],
      ['large', 5, 8],
      ['id', 13, 16],
      ['bytes', 29, 3],
      ['text', 32, 6],
      ['inner.octet', 38, 1],
    ];
    for (const [field, offset, size] of starts) {
      for (let left = 0; left < size; left++) {
        const error = expectProtocolError(() => decode(fixed, encoded.subarray(0, offset + left)));
        expect(error.message).to.equal(
          `fixed.${field} at offset ${offset}: expected ${size} bytes, found ${left} bytes (truncated)`,
        );
      }
    }
    const error = expectProtocolError(() => decode(fixed, Buffer.concat([encoded, Buffer.alloc(2)])));
    expect(error.message).to.equal('fixed at offset 39: expected the end, found 2 bytes more (trailing)');
    expect(
      expectProtocolError(() => fieldMap(fixed, Buffer.concat([encoded, Buffer.alloc(2)]))).message,
    ).to.equal(error.message);
  });

  it('NDR lengths are 4 or 8 bytes, up to their largest value', () => {
    const sized = layout('sized', { length: ndrUint('length') });
    for (const { bigEndian, ndrWidth } of [false, true].flatMap((bigEndian) => [
      { bigEndian, ndrWidth: 4 as const },
      { bigEndian, ndrWidth: 8 as const },
    ])) {
      const max = (1n << BigInt(8 * ndrWidth)) - 1n;
      expect(hex(encode(sized, { length: max }, { bigEndian, ndrWidth }))).to.equal('ff'.repeat(ndrWidth));
      const one = Buffer.alloc(ndrWidth);
      one[bigEndian ? ndrWidth - 1 : 0] = 1;
      expect(hex(encode(sized, { length: 1n }, { bigEndian, ndrWidth }))).to.equal(hex(one));
      expect(decode(sized, one, { bigEndian, ndrWidth })).to.deep.equal({ length: 1n });
      for (const length of [max + 1n, -1n, 1, undefined]) {
        const error = expectProtocolError(() => encode(sized, { length } as never, { bigEndian, ndrWidth }));
        expect(error.message).to.equal(
          `sized.length at offset 0: expected a bigint of ${ndrWidth} bytes, found ${length ?? 'nothing'} (bad-input)`,
        );
      }
    }
  });

  it('are compiled once for each encoding, with and without a map', () => {
    const one = layout('one', { number: u32('number') });
    const compiled = [false, true].flatMap((spans) =>
      [false, true].map((bigEndian) => () => decoderOf(one, { bigEndian, ndrWidth: 4 }, spans)),
    );
    expect(new Set(compiled.map((decoder) => decoder())).size).to.equal(4);
    for (const decoder of compiled) expect(decoder()).to.equal(decoder());
  });

  it('are named behind the structures that the cursor is in', () => {
    const one = layout('one', { number: u32('number') });
    const cursor = new Cursor(new Uint8Array(6), 0, 6);
    cursor.path = 'outer';
    decodeFrom(one, cursor);
    expect(cursor).to.include({ path: 'outer', offset: 4 });
    expect(expectProtocolError(() => decodeFrom(one, cursor)).path).to.equal('outer.one.number');
  });

  it('text of a given size ends in one NUL, of a fixed size in zeros', () => {
    const texts = layout('texts', {
      size: bytesOf(u8('size'), 'given'),
      given: text('given', { field: 'size' }),
      fixed: text('fixed', 6),
    });
    const octets = Uint8Array.of(6, 0x41, 0, 0, 0, 0, 0, 0x41, 0, 0, 0, 0, 0);
    expect(decode(texts, octets)).to.deep.equal({ size: 6, given: 'A\0', fixed: 'A' });
  });

  it('passes on what is no mistake in a value', () => {
    const broken = {
      get id(): string {
        throw new RangeError('not read');
      },
    };
    expect(() => encode(layout('one', { id: guid('id') }), broken)).to.throw(RangeError, 'not read');
  });
});
