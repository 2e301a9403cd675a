import { expect } from 'chai';
import { recordedMessages, recordedPdus } from './testing/recordings';
import { expectNoLookBeyond, readings, surrounded } from './testing/surroundings';
import { mutate, seededRandom } from './testing/mutate';

describe('what is read of bytes in a larger buffer', () => {
  const { request, response } = recordedMessages();
  const originals = [...recordedPdus().map(({ bytes }) => bytes), ...request, ...response];

  it('does not depend on what stands around them, for recorded PDUs and messages and each of their beginnings', () => {
    for (const bytes of originals.slice(0, 40)) {
      for (let end = 0; end <= bytes.length; end += 7) expectNoLookBeyond(bytes.subarray(0, end));
      expectNoLookBeyond(bytes);
    }
  });

  it('does not depend on it for mutants (seed 11; a million of them in bench/hostile.ts)', () => {
    const random = seededRandom(11);
    for (let i = 0; i < 3000; i++) expectNoLookBeyond(mutate(originals[i % originals.length]!, random));
  });

  it('would be seen to: a reader that takes one octet more is told', () => {
    const [recorded] = response;
    const [a, b] = [0x00, 0xff].map((fill) => {
      const part = surrounded(recorded!.subarray(0, -1), fill);
      return readings(new Uint8Array(part.buffer, part.byteOffset, part.length + 1));
    });
    expect(a).to.not.deep.equal(b);
  });
});
