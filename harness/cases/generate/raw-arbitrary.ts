import type { RawStep } from '../case';
import type { Corpus } from './corpus';
import * as drawn from './drawn';
import type { Drawn } from './drawn';

const octets = (minLength: number, maxLength: number): Drawn<Uint8Array> =>
  drawn.uint8Array({ minLength, maxLength });

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

const cutsArbitrary = drawn.oneof(
  { weight: 3, arbitrary: drawn.constant([] as readonly number[]) },
  { weight: 1, arbitrary: drawn.array(drawn.integer({ min: 1, max: 300 }), { maxLength: 3 }) },
);

/** What raw steps hold, but for PDUs of any other type. */
export const RAW_KINDS: readonly string[] = [...GREETINGS.map(([what]) => what), 'noise', 'recorded'];

/** Bytes that are no conversation, on a bound connection or a new one. */
export function rawStepArbitrary(on: Drawn<number>): Drawn<RawStep> {
  const greeting = drawn.constantFrom(...GREETINGS).map(([what, bytes]) => ({ what, bytes }));
  const noise = octets(1, 64).map((bytes) => ({ what: 'noise', bytes }));
  const pdu = drawn.tuple(drawn.nat(255), octets(0, 64)).map(([ptype, body]) => {
    const bytes = Buffer.concat([Buffer.from('05000003100000000000000001000000', 'hex'), body]);
    bytes[2] = ptype;
    bytes.writeUInt16LE(bytes.length, 8);
    return { what: `ptype ${ptype}`, bytes };
  });
  return drawn
    .record({ on, content: drawn.oneof(greeting, noise, pdu), cuts: cutsArbitrary, bound: drawn.boolean() })
    .map(({ content, ...rest }) => ({ kind: 'raw', mode: 'hostile', ...content, ...rest }));
}

interface Mutation {
  readonly at: number;
  readonly how: number;
  readonly value: number;
}

const mutation: Drawn<Mutation> = drawn.record({
  at: drawn.nat(1000),
  how: drawn.nat(4),
  value: drawn.oneof(drawn.constantFrom(0, 1, 0x7f, 0x80, 0xff), drawn.nat(255)),
});

/** A recorded PDU with a few octets changed, cut out or doubled; its frag_length is put right, or left to lie. */
export function recordedStepArbitrary(corpus: Corpus): Drawn<RawStep> {
  return drawn
    .record({
      pdu: drawn.nat(Math.max(0, corpus.pdus.length - 1)),
      mutations: drawn.array(mutation, { maxLength: 4 }),
      consistent: drawn.boolean(),
      cuts: cutsArbitrary,
      on: drawn.constant(0),
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
