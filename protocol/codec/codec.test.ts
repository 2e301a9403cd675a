import { expect } from 'chai';
import fc from 'fast-check';
import { layoutArbitrary } from '../../harness/cases/generate/layout-arbitrary';
import { VALUE_MODES } from '../../harness/cases/generate/field-arbitrary';
import type { Layout } from '../layout';
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
