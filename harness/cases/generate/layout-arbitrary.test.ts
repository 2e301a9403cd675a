import { expect } from 'chai';
import fc from 'fast-check';
import { encode, type Field, kmsRequest, kmsResponse, type Layout, requestStub } from '../../../protocol';
import { LAYOUTS } from '../../../protocol/testing/layouts';
import { VALUE_MODES } from './field-arbitrary';
import { layoutArbitrary } from './layout-arbitrary';

const sample = <T>(arbitrary: fc.Arbitrary<T>, count = 400): T[] =>
  fc.sample(arbitrary, { numRuns: count, seed: 7 });

describe('arbitraries derived from layouts', () => {
  it('know every kind of field', () => {
    const kindsOf = (of: Layout): Field['kind'][] =>
      Object.values(of.fields).flatMap((field) =>
        field.kind === 'struct' || field.kind === 'list'
          ? [field.kind, ...kindsOf(field.layout)]
          : [field.kind],
      );
    const kinds = new Set(LAYOUTS.flatMap(([, of]) => kindsOf(of)));
    expect([...kinds].sort()).to.deep.equal(
      ['bytes', 'guid', 'list', 'ndrUint', 'padding', 'struct', 'text', 'u64', 'uint'].sort(),
    );
  });

  for (const mode of VALUE_MODES) {
    it(`make the same ${mode} values from the same seed`, () => {
      for (const [, of] of LAYOUTS) {
        expect(sample(layoutArbitrary(of, mode), 20)).to.deep.equal(sample(layoutArbitrary(of, mode), 20));
      }
    });

    it(`make ${mode} values that shrink and still encode`, () => {
      const values = layoutArbitrary(requestStub, mode);
      const failing = fc.check(
        fc.property(values, (value) => encode(requestStub, value).length < 20),
        { seed: 3, numRuns: 2000 },
      );
      expect(failing.failed).to.be.true;
      expect(encode(requestStub, failing.counterexample![0])).to.have.length.within(20, 40);
    });
  }

  it('tell the truth about lengths, but for hostile ones', () => {
    const lies = (mode: 'valid' | 'boundary' | 'hostile'): number =>
      sample(layoutArbitrary(requestStub, mode)).filter(
        ({ requestSize, maxCount, message }) =>
          requestSize !== BigInt(message.length) || maxCount !== BigInt(message.length),
      ).length;
    expect(lies('valid')).to.equal(0);
    expect(lies('boundary')).to.equal(0);
    expect(lies('hostile')).to.be.greaterThan(100);
  });

  it('make long values too, not only those of the default size', () => {
    const long = sample(layoutArbitrary(requestStub, 'hostile')).filter(
      ({ message }) => message.length > 100,
    );
    expect(long.length).to.be.greaterThan(50);
  });

  it('make known values, edges, and text that is none', () => {
    const versions = new Set(
      sample(layoutArbitrary(kmsRequest, 'valid')).map(({ majorVersion }) => majorVersion),
    );
    expect([...versions].sort()).to.deep.equal([4, 5, 6]);
    const counts = new Set(
      sample(layoutArbitrary(kmsRequest, 'boundary')).map(({ requiredClientCount }) => requiredClientCount),
    );
    for (const edge of [0, 1, 0x7fffffff, 0x80000000, 0xffffffff]) expect(counts).to.include(edge);
    const texts = sample(layoutArbitrary(kmsResponse, 'hostile')).map(({ ePid }) => typeof ePid);
    expect(texts).to.include('object').and.include('string');
  });
});
