import {
  encodePdu,
  fragment,
  NDR32,
  type PduInputOf,
  PFC,
  type TransferSyntax,
  encodeRequestStub,
  stubEncoding,
  KMS_INTERFACE,
} from '../../../protocol';
import { CLIENT_FRAGMENT_LIMIT, offerBind } from '../../client';
import type { Random } from '../../random';
import type { Provocation } from './provocation';

/** What a hostile peer sends below the KMS message, by the requirement that it belongs to. */

const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1');

const TLS_CLIENT_HELLO = Buffer.from(
  '16030100310100002d0303000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f0000040005000a01000000',
  'hex',
);

/** Greetings of other protocols, random bytes, and nothing at all. */
export function foreignGreetings(random: Random): Provocation[] {
  const noise = [1, 16, 100, 1000, 10_000].map((length) => ({
    what: `${length} random bytes`,
    writes: [random.bytes(length)],
  }));
  return [
    { what: 'nothing at all and a close', writes: [] },
    { what: 'an HTTP request', writes: [ascii('GET / HTTP/1.1\r\nHost: kms.example.test\r\n\r\n')] },
    { what: 'a TLS greeting', writes: [TLS_CLIENT_HELLO] },
    ...noise,
    { what: 'random bytes behind a bind', writes: [random.bytes(400)], bound: true },
  ];
}

/** A PDU cut off after every length from 1 to one less than its whole. */
export function cutOff(what: string, pdu: Uint8Array, bound: boolean): Provocation[] {
  return Array.from({ length: pdu.length - 1 }, (_, i) => ({
    what: `${what} cut off after ${i + 1} of ${pdu.length} bytes`,
    writes: [pdu.subarray(0, i + 1)],
    bound,
  }));
}

/** Headers whose lengths lie, and every PTYPE. */
export function lyingHeaders(request: Uint8Array): Provocation[] {
  const bind = offerBind().pdu;
  const ptypes = Array.from({ length: 256 }, (_, ptype) => ptype);
  return [
    ...[0, 15, 16, 65_535].flatMap((length) => [
      { what: `a bind with frag_length ${length}`, writes: [withU16(bind, 8, length)] },
      { what: `a request with frag_length ${length}`, writes: [withU16(request, 8, length)], bound: true },
    ]),
    ...[1, 100, 65_535].flatMap((length) => [
      { what: `a bind with auth_length ${length}`, writes: [withU16(bind, 10, length)] },
      { what: `a request with auth_length ${length}`, writes: [withU16(request, 10, length)], bound: true },
    ]),
    ...ptypes.map((ptype) => ({ what: `PTYPE ${ptype} before a bind`, writes: [bare(ptype)] })),
    ...ptypes.map((ptype) => ({ what: `PTYPE ${ptype} after a bind`, writes: [bare(ptype)], bound: true })),
  ];
}

/** Fragments in an order that makes no call; none of them is a whole request. */
export function brokenFragments(call: PduInputOf<'request'>): Provocation[] {
  const [first, middle, ...rest] = fragment(call, 64);
  const last = rest.at(-1)!;
  const endless = { ...middle!, body: { ...middle!.body, stub: new Uint8Array(4000) } };
  const flood = encodePdu(endless);
  return [
    { what: 'a last fragment without a first', writes: [encodePdu(last)], bound: true },
    { what: 'a middle fragment without a first', writes: [encodePdu(middle!)], bound: true },
    {
      what: 'a second FIRST of the same call',
      writes: [encodePdu(first!), encodePdu(first!), encodePdu(middle!)],
      bound: true,
    },
    {
      what: 'a first fragment, and the last of another call',
      writes: [encodePdu(first!), encodePdu({ ...last, header: { ...last.header, callId: 77 } })],
      bound: true,
    },
    {
      what: 'fragments that never end',
      writes: [encodePdu(first!), ...Array.from({ length: 300 }, () => flood)],
      bound: true,
    },
  ];
}

/** Binds that claim more contexts, or more transfer syntaxes, than are there. */
export function overcountedBinds(): Provocation[] {
  const bind = (counts: { contexts?: number; syntaxes?: number }): Uint8Array => {
    const context = {
      contextId: 0,
      abstractSyntax: KMS_INTERFACE,
      transferSyntaxes: [NDR32],
      ...(counts.syntaxes === undefined ? {} : { transferSyntaxCount: counts.syntaxes }),
    };
    const body = {
      maxXmitFrag: CLIENT_FRAGMENT_LIMIT,
      maxRecvFrag: CLIENT_FRAGMENT_LIMIT,
      contexts: [context],
      ...(counts.contexts === undefined ? {} : { contextCount: counts.contexts }),
    };
    return encodePdu({ kind: 'bind', header: { pfcFlags: PFC.firstFrag | PFC.lastFrag }, body });
  };
  return [0, 2, 3, 127, 255].flatMap((claimed) => [
    { what: `a bind of 1 context that claims ${claimed}`, writes: [bind({ contexts: claimed })] },
    { what: `a context of 1 transfer syntax that claims ${claimed}`, writes: [bind({ syntaxes: claimed })] },
  ]);
}

/** Resets and half-closes in the middle of a bind, and of a request. */
export function brokenOff(request: Uint8Array): Provocation[] {
  const bind = offerBind().pdu;
  const half = (pdu: Uint8Array): Uint8Array => pdu.subarray(0, pdu.length >> 1);
  return [
    { what: 'a reset in the middle of a bind', writes: [half(bind)], end: 'reset' },
    { what: 'a reset behind a bind', writes: [bind], end: 'reset' },
    { what: 'a reset in the middle of a request', writes: [half(request)], bound: true, end: 'reset' },
    { what: 'a half-close in the middle of a bind', writes: [half(bind)] },
    { what: 'a half-close behind a bind', writes: [bind] },
    { what: 'a half-close in the middle of a request', writes: [half(request)], bound: true },
  ];
}

/** A request PDU of call 2 in the first context, laid out as NDR32 or NDR64. */
export function requestPdu(
  message: Uint8Array,
  syntax: TransferSyntax,
  contextId: number,
): PduInputOf<'request'> {
  const stub = encodeRequestStub({ message }, stubEncoding(syntax));
  return { kind: 'request', header: { callId: 2 }, body: { contextId, opnum: 0, stub } };
}

/** A PDU of that type with a body of eight zero bytes. */
function bare(ptype: number): Uint8Array {
  return encodePdu({ kind: 'unknown', header: { ptype }, body: { content: new Uint8Array(8) } });
}

function withU16(pdu: Uint8Array, offset: number, value: number): Uint8Array {
  const changed = Uint8Array.from(pdu);
  changed[offset] = value & 0xff;
  changed[offset + 1] = value >>> 8;
  return changed;
}
