import { expect } from 'chai';
import fc from 'fast-check';
import { layoutArbitrary } from '../../harness/fuzz/layout-arbitrary';
import { VALUE_MODES } from '../../harness/fuzz/field-arbitrary';
import {
  bytes,
  bytesOf,
  itemsOf,
  type Layout,
  layout,
  list,
  padding,
  rest,
  text,
  u16,
  u32,
  u8,
} from '../layout';
import { expectProtocolError, protocolErrorOf } from '../testing/expect-error';
import { LAYOUTS } from '../testing/layouts';
import { diff } from './compare';
import { Cursor, decode, decodeFrom, fieldMap } from './decode';
import { encode, encodeAfter } from './encode';
import type { Encoding } from './encoding';
import { hex, toJson } from './json';

const ENCODINGS: readonly Encoding[] = [false, true].flatMap((bigEndian) =>
  ([4, 8] as const).map((ndrWidth) => ({ bigEndian, ndrWidth })),
);
const nameOf = ({ bigEndian, ndrWidth }: Encoding): string =>
  `${bigEndian ? 'big' : 'little'}-endian, ${8 * ndrWidth}-bit lengths`;

/** Decodes what stands behind `start` octets of something else, to the end. */
function decodeBehind(of: Layout, whole: Uint8Array, start: number, encoding: Encoding): unknown {
  const cursor = new Cursor(whole, start, whole.length);
  const value: unknown = decodeFrom(of, cursor, encoding);
  expect(cursor.offset).to.equal(whole.length);
  return value;
}

const show = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'bigint' ? `${part}n` : part instanceof Uint8Array ? `<${hex(part)}>` : part,
  );

/** Buffers turn into JSON before a replacer sees them. */
const plain = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return `<${hex(value)}>`;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]));
};
const shown = (value: unknown): string => show(plain(value));

for (const [name, of, start] of LAYOUTS) {
  describe(`layout of ${name}`, () => {
    for (const encoding of ENCODINGS) {
      for (const mode of ['valid', 'boundary'] as const) {
        it(`${mode} values survive encoding (${nameOf(encoding)})`, () => {
          fc.assert(
            fc.property(layoutArbitrary(of, mode, encoding, start), (value) => {
              const whole = encodeAfter(start, of, value as never, encoding);
              expect(shown(decodeBehind(of, whole, start, encoding))).to.equal(shown(value));
            }),
            { numRuns: 60 },
          );
        });
      }

      it(`the byte map covers every byte exactly once, in order (${nameOf(encoding)})`, () => {
        fc.assert(
          fc.property(layoutArbitrary(of, 'boundary', encoding), (value) => {
            const encoded = encode(of, value as never, encoding);
            let covered = 0;
            for (const span of fieldMap(of, encoded, encoding)) {
              expect(span.offset, span.path).to.equal(covered);
              expect(span.path.startsWith(`${of.name}.`), span.path).to.be.true;
              covered += span.length;
            }
            expect(covered).to.equal(encoded.length);
          }),
          { numRuns: 30 },
        );
      });
    }

    it('hostile values are sent verbatim: they encode, and to the same bytes when what was decoded is encoded', () => {
      fc.assert(
        fc.property(layoutArbitrary(of, 'hostile'), (value) => {
          const encoded = encode(of, value as never);
          const error = protocolErrorOf(() => {
            expect(hex(encode(of, decode(of, encoded) as never))).to.equal(hex(encoded));
          });
          expect(['truncated', 'trailing', undefined]).to.include(error?.code);
        }),
        { numRuns: 200 },
      );
    });

    it('every prefix decodes or gives a whole error that stands within it', () => {
      fc.assert(
        fc.property(layoutArbitrary(of, 'valid'), (value) => {
          const encoded = encode(of, value as never);
          for (let size = 0; size < encoded.length; size++) {
            const prefix = encoded.subarray(0, size);
            const error = protocolErrorOf(() => decode(of, prefix));
            const mapError = protocolErrorOf(() => fieldMap(of, prefix));
            expect(mapError?.message).to.equal(error?.message);
            if (error === null) continue;
            expectProtocolError(() => decode(of, prefix));
            expect(error.offset).to.be.at.most(size);
            expect(error.path.startsWith(of.name)).to.be.true;
          }
        }),
        { numRuns: 5 },
      );
    });

    it('differs from itself in nothing, and from another value in what differs', () => {
      const values = layoutArbitrary(of, 'valid');
      fc.assert(
        fc.property(values, values, (a, b) => {
          expect(diff(of, a, structuredClone(a))).to.be.empty;
          const paths = diff(of, a, b).map(({ path }) => path.split(/[.[]/)[0]);
          const differing = Object.keys(of.fields).filter(
            (field) => shown((a as never)[field]) !== shown((b as never)[field]),
          );
          expect([...new Set(paths)]).to.deep.equal(differing);
        }),
        { numRuns: 50 },
      );
    });

    it('is JSON that JSON.parse gives back, whatever the value', () => {
      for (const mode of VALUE_MODES) {
        fc.assert(
          fc.property(layoutArbitrary(of, mode), (value) => {
            const json = toJson(of, value as never);
            expect(JSON.parse(JSON.stringify(json))).to.deep.equal(json);
            expect(Object.keys(json)).to.deep.equal(Object.keys(of.fields));
          }),
          { numRuns: 30 },
        );
      }
    });
  });
}

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

  const refused: readonly [why: string, value: unknown, path: string][] = [
    ['a number that is too large', { items: [], data: Buffer.alloc(0), count: 65536 }, 'whole.count'],
    ['a negative number', { items: [], data: Buffer.alloc(0), count: -1 }, 'whole.count'],
    ['a fraction', { items: [], data: Buffer.alloc(0), count: 0.5 }, 'whole.count'],
    ['NaN', { items: [], data: Buffer.alloc(0), count: Number.NaN }, 'whole.count'],
    ['text for a number', { items: [], data: Buffer.alloc(0), count: '1' }, 'whole.count'],
    ['no list', { data: Buffer.alloc(0) }, 'whole.items'],
    ['a number for a list', { items: 3, data: Buffer.alloc(0) }, 'whole.items'],
    ['nothing for an item', { items: [undefined], data: Buffer.alloc(0) }, 'whole.items'],
    ['a number for bytes', { items: [], data: 3 }, 'whole.data'],
    ['a number for padding', { items: [], data: Buffer.alloc(0), padding: 3 }, 'whole.padding'],
    ['a number for text', { items: [{ name: 3 }], data: Buffer.alloc(0) }, 'item.name'],
  ];
  for (const [why, value, path] of refused) {
    it(`refuses ${why}`, () => {
      const error = expectProtocolError(() => encode(whole, value as never));
      expect(error).to.include({ code: 'bad-input', path });
    });
  }

  it('never lets old memory show where a value is left out', () => {
    for (let i = 0; i < 50; i++) Buffer.allocUnsafe(64).fill(0xee);
    const padded = layout('padded', { a: u8('a'), padding: padding('to 8', 8), fixed: bytes('fixed', 8) });
    expect(hex(encode(padded, { a: 1, fixed: new Uint8Array(8) }))).to.equal('01' + '00'.repeat(15));
  });
});
