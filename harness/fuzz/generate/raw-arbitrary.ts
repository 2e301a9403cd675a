import fc from 'fast-check';
import type { RawStep } from '../case';
import type { Corpus } from './corpus';

const octets = (minLength: number, maxLength: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength, maxLength, size: 'max' });

/** What speaks something else on this port, and headers that lie. */
const GREETINGS: readonly (readonly [what: string, bytes: Uint8Array])[] = [
  ['http', Buffer.from('GET / HTTP/1.1\r\nHost: kms\r\n\r\n')],
  ['tls', Buffer.from('160301004a010000460303', 'hex')],
  ['silence', new Uint8Array(0)],
  ['frag_length 0', Buffer.from('05000b03100000000000000001000000', 'hex')],
  ['frag_length 15', Buffer.from('05000003100000000f00000001000000', 'hex')],
  ['frag_length 65535', Buffer.from('0500000310000000ffff000001000000', 'hex')],
  ['auth_length beyond the PDU', Buffer.from('05000b03100000001800ffff01000000d016d01600000000', 'hex')],
  [
    'more contexts than there are',
    Buffer.from('05000b03100000001c00000001000000d016d01600000000ff000000', 'hex'),
  ],
];

const cutsArbitrary = fc.oneof(
  { weight: 3, arbitrary: fc.constant([] as readonly number[]) },
  { weight: 1, arbitrary: fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 3, size: 'max' }) },
);

/** What raw steps hold, but for PDUs of any other type. */
export const RAW_KINDS: readonly string[] = [...GREETINGS.map(([what]) => what), 'noise', 'recorded'];

/** Bytes that are no conversation, on a bound connection or a new one. */
export function rawStepArbitrary(on: fc.Arbitrary<number>): fc.Arbitrary<RawStep> {
  const greeting = fc.constantFrom(...GREETINGS).map(([what, bytes]) => ({ what, bytes }));
  const noise = octets(1, 64).map((bytes) => ({ what: 'noise', bytes }));
  const pdu = fc.tuple(fc.nat(255), octets(0, 64)).map(([ptype, body]) => {
    const bytes = Buffer.concat([Buffer.from('05000003100000000000000001000000', 'hex'), body]);
    bytes[2] = ptype;
    bytes.writeUInt16LE(bytes.length, 8);
    return { what: `ptype ${ptype}`, bytes };
  });
  return fc
    .record({ on, content: fc.oneof(greeting, noise, pdu), cuts: cutsArbitrary, bound: fc.boolean() })
    .map(({ content, ...rest }) => ({ kind: 'raw', mode: 'hostile', ...content, ...rest }));
}

interface Mutation {
  readonly at: number;
  readonly how: number;
  readonly value: number;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(1000),
  how: fc.nat(4),
  value: fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat(255)),
});

/** A recorded PDU with a few octets changed, cut out or doubled; its frag_length is put right, or left to lie. */
export function recordedStepArbitrary(corpus: Corpus): fc.Arbitrary<RawStep> {
  return fc
    .record({
      pdu: fc.nat(Math.max(0, corpus.pdus.length - 1)),
      mutations: fc.array(mutation, { maxLength: 4, size: 'max' }),
      consistent: fc.boolean(),
      cuts: cutsArbitrary,
      on: fc.constant(0),
    })
    .map(({ pdu, mutations, consistent, cuts, on }) => {
      const original = corpus.pdus[pdu]!;
      const bytes = mutated(original.bytes, mutations);
      if (consistent && bytes.length >= 10) bytes.writeUInt16LE(bytes.length & 0xffff, 8);
      const mode = mutations.length === 0 ? 'valid' : 'hostile';
      return {
        kind: 'raw',
        on,
        bytes,
        cuts,
        bound: original.bytes[2] !== PTYPE_BIND,
        mode,
        what: 'recorded',
      };
    });
}

const PTYPE_BIND = 11;

function mutated(original: Uint8Array, mutations: readonly Mutation[]): Buffer {
  let bytes = Buffer.from(original);
  for (const { at: place, how, value } of mutations) {
    if (bytes.length === 0) break;
    const at = place % bytes.length;
    if (how === 0) bytes[at]! ^= 1 << (value & 7);
    else if (how === 1) bytes[at] = value;
    else if (how === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + (value & 15))]);
    else if (how === 3)
      bytes = Buffer.concat([bytes.subarray(0, at), Buffer.alloc(value & 15, value), bytes.subarray(at)]);
    else bytes.fill(value, at, Math.min(bytes.length, at + 4));
  }
  return bytes;
}
