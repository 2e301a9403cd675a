import { Random } from '../../../support/random';
import { layPdu, PDU_KINDS, type PduKind, readPdu } from '../plain/pdu';
import { hexOf, type Value } from '../plain/lay-out';
import { RECORDINGS, recordedConnections } from '../plain/recordings';
import { BYTE_ORDERS, MADE, once, orderInWords, type Unnumbered } from './made';
import { MADE_PDUS, ODD_DREPS } from './pdu-bodies';

type PduVector = Unnumbered<'pdu'>;

/** PDUs of every kind: what was recorded, what stands at an edge, and what was drawn. */
export function* pdus(): Generator<PduVector> {
  yield* recorded();
  for (const bigEndian of BYTE_ORDERS) {
    for (const { comment, ...given } of MADE_PDUS) yield made(comment, { ...given, bigEndian });
  }
  for (const [drep, bigEndian] of ODD_DREPS) {
    const given = {
      kind: 'request',
      header: { drep },
      body: { contextId: 1, opnum: 2, stub: '03' },
      bigEndian,
    } as const;
    yield made(`packed_drep ${drep}`, given);
  }
  yield* drawn(new Random(20));
}

function* recorded(): Generator<PduVector> {
  const isNew = once();
  for (const recording of RECORDINGS) {
    for (const { sent, received } of recordedConnections(recording)) {
      for (const octets of [...sent, ...received].filter((each) => isNew(each.toString('hex')))) {
        const comment = sent.includes(octets) ? 'sent by a client' : 'sent by a host';
        yield {
          comment,
          source: recording,
          bytes: octets.toString('hex'),
          bigEndian: false,
          ...readPdu(octets),
        };
      }
    }
  }
}

function made(comment: string, given: Parameters<typeof layPdu>[0]): PduVector {
  const { octets, pdu } = layPdu(given);
  const { bigEndian = false } = given;
  return {
    comment: `${comment}; ${orderInWords(bigEndian)}`,
    source: MADE,
    bytes: hexOf(octets),
    bigEndian,
    ...pdu,
  };
}

const DRAWN_OF_EACH = 8;

function* drawn(random: Random): Generator<PduVector> {
  for (const bigEndian of BYTE_ORDERS) {
    for (const kind of PDU_KINDS) {
      for (let i = 0; i < DRAWN_OF_EACH; i++) {
        const header = {
          callId: random.uint32(),
          ...(kind === 'unknown' ? { ptype: random.int(20, 255) } : {}),
        };
        yield made('drawn at random', { kind, bigEndian, header, body: body(kind, random) });
      }
    }
  }
}

const hex = (random: Random, most: number): string => hexOf([...random.bytes(random.int(0, most))]);
const u16 = (random: Random): number => random.int(0, 0xffff);
const syntax = (random: Random): Value => ({ uuid: random.guid(), version: random.uint32() });
const several = (random: Random, most: number, one: () => Value): never =>
  Array.from({ length: random.int(0, most) }, one) as never;

function body(kind: PduKind, random: Random): Value {
  const limits = { maxXmitFrag: u16(random), maxRecvFrag: u16(random), assocGroupId: random.uint32() };
  const call = { allocHint: random.uint32(), contextId: u16(random) };
  switch (kind) {
    case 'bind':
    case 'alterContext':
      return { ...limits, contexts: several(random, 4, () => context(random)), trailing: hex(random, 3) };
    case 'bindAck':
    case 'alterContextResp':
      return {
        ...limits,
        secondaryAddress: hex(random, 9),
        results: several(random, 4, () => result(random)),
      };
    case 'bindNak':
      return {
        reason: u16(random),
        versions: several(random, 4, () => ({ major: random.int(0, 255), minor: random.int(0, 255) })),
      };
    case 'request':
      return {
        ...call,
        opnum: u16(random),
        ...(random.chance(0.5) ? { objectUuid: random.guid() } : {}),
        stub: hex(random, 40),
      };
    case 'response':
      return { ...call, cancelCount: random.int(0, 255), stub: hex(random, 40) };
    case 'fault':
      return { ...call, status: random.uint32(), reserved2: random.uint32(), stub: hex(random, 4) };
    case 'shutdown':
    case 'coCancel':
    case 'orphaned':
    case 'unknown':
      return { content: hex(random, 20) };
  }
}

const context = (random: Random): Value => ({
  contextId: u16(random),
  abstractSyntax: { uuid: random.guid(), major: u16(random), minor: u16(random) },
  transferSyntaxes: several(random, 3, () => syntax(random)),
});

const result = (random: Random): Value => ({
  result: random.int(0, 3),
  reason: u16(random),
  transferSyntax: syntax(random),
});
