import fc from 'fast-check';

const EXTREMES = [0, 1, 0x7f, 0x80, 0xff, 0x7fffffff, 0x80000000, 0xffffffff];

const at = fc.nat(0xffff_ffff);
const length = fc.integer({ min: 1, max: 200 });
const octet = fc.nat(0xff);

/** One way to damage a file. Places count modulo its length, so that what shrinks still means something. */
const mutation = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('flip'), at, bit: fc.nat(7) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('word'), at, value: fc.constantFrom(...EXTREMES) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('half'), at, value: fc.nat(0xffff) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('repeat'), at, length }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('lose'), at, length }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('fill'), at, length, octet }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut'), at }) },
);
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

/** One to eight ways to damage a capture: flips, extreme values, cuts, repeated and lost parts. */
export const mutations = fc.array(mutation, { minLength: 1, maxLength: 8 });

/** A capture damaged so; what is down to eight bytes stays as it is. */
export function mutate(original: Buffer, all: readonly Mutation[]): Buffer {
  let bytes: Buffer = Buffer.from(original);
  for (const one of all) if (bytes.length > 8) bytes = mutateOnce(bytes, one);
  return bytes;
}

function mutateOnce(bytes: Buffer, one: Mutation): Buffer {
  const place = one.at % (bytes.length - 4);
  switch (one.kind) {
    case 'flip':
      bytes[place] = bytes[place]! ^ (1 << one.bit);
      return bytes;
    case 'word':
      bytes.writeUInt32LE(one.value, place);
      return bytes;
    case 'half':
      bytes.writeUInt16BE(one.value, place);
      return bytes;
    case 'repeat':
      return Buffer.concat([bytes.subarray(0, place + one.length), bytes.subarray(place)]);
    case 'lose':
      return Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + one.length)]);
    case 'fill':
      return bytes.fill(one.octet, place, Math.min(place + one.length, bytes.length));
    case 'cut':
      return bytes.subarray(0, place + 1);
  }
}
