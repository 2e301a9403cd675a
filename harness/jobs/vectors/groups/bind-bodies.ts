import { btfnSyntax, KMS_INTERFACE, NDR32, NDR64, NIL_GUID } from '../../../../protocol';
import type { Value } from '../plain/lay-out';
import type { GivenPdu } from '../plain/pdu';
import { counted } from './made';

/** A PDU that is there for a purpose. */
export type MadePdu = GivenPdu & { readonly comment: string };

const KMS = { uuid: KMS_INTERFACE.uuid, major: KMS_INTERFACE.major, minor: KMS_INTERFACE.minor };
/** All of its octets differ. */
export const OTHER_INTERFACE = { uuid: '01234567-89ab-cdef-0123-456789abcdef', major: 0x1234, minor: 0x5678 };
const BTFN = { ...btfnSyntax(3) };

const context = (contextId: number, ...transferSyntaxes: Value[]): Value => ({
  contextId,
  abstractSyntax: KMS,
  transferSyntaxes,
});
const offer = (...contexts: Value[]): Value => ({
  maxXmitFrag: 5840,
  maxRecvFrag: 5840,
  contexts: contexts,
});

/** What clients offer. */
export function binds(kind: 'bind' | 'alterContext'): MadePdu[] {
  const many = Array.from({ length: 20 }, (_, i) => context(i, NDR32));
  const bodies: [string, Value][] = [
    ['no context', offer()],
    ['a context without a transfer syntax', offer(context(0))],
    ['NDR32 alone', offer(context(0, NDR32))],
    ['NDR64 alone', offer(context(0, NDR64))],
    ['both syntaxes in one context', offer(context(7, NDR32, NDR64))],
    [
      'a context for each syntax, and bind time features',
      offer(context(0, NDR32), context(1, NDR64), context(2, BTFN)),
    ],
    ['the largest context_id', offer(context(0xffff, NDR32))],
    [
      'an interface whose octets all differ',
      offer({ ...context(0, NDR32), abstractSyntax: OTHER_INTERFACE }),
    ],
    ['20 contexts', offer(...many)],
    [
      '255 transfer syntaxes',
      offer(context(0, ...Array.from({ length: 255 }, (_, version) => ({ uuid: NDR32.uuid, version })))),
    ],
    ['fragments of 0', { ...offer(context(0, NDR32)), maxXmitFrag: 0, maxRecvFrag: 0 }],
    ['fragments of 65535 and 4096', { ...offer(context(0, NDR32)), maxXmitFrag: 0xffff, maxRecvFrag: 4096 }],
    ['an association group', { ...offer(context(0, NDR32)), assocGroupId: 0x01020304 }],
    [
      'reserved fields that are not 0',
      { ...offer({ ...context(0, NDR32), reserved: 0xa5 }), reserved: 0x5a, reserved2: 0x1234 },
    ],
    ['octets behind the last context', { ...offer(context(0, NDR32)), trailing: counted(5) }],
  ];
  return bodies.map(([comment, body]) => ({ kind, comment, body }));
}

const result = (of: number, reason: number, transferSyntax: Value): Value => ({
  result: of,
  reason,
  transferSyntax,
});
const NONE = { uuid: NIL_GUID, version: 0 };

/** What hosts answer to it. */
export function bindAcks(kind: 'bindAck' | 'alterContextResp'): MadePdu[] {
  const limits = { maxXmitFrag: 5840, maxRecvFrag: 5840, assocGroupId: 0x1063bf3f };
  const accepted = [result(0, 0, NDR32)] as never;
  const addresses = ['', '00', '3100', '313600', '31363800', '3136383800', '363535333500', counted(13)];
  // The padding counts from the start of the PDU: the address begins at 26.
  const padded = addresses.map((secondaryAddress): [string, Value] => {
    const size = -(26 + secondaryAddress.length / 2) & 3;
    return [
      `a secondary address of ${secondaryAddress.length / 2} octets, ${size} of padding that are not 0`,
      { ...limits, secondaryAddress, padding: counted(size, 0x31), results: accepted },
    ];
  });
  const bodies: [string, Value][] = [
    ...padded,
    ['no result', { ...limits, secondaryAddress: '', results: [] }],
    [
      'NDR64 accepted, NDR32 refused',
      {
        ...limits,
        secondaryAddress: '3136383800',
        results: [result(2, 2, NONE), result(0, 0, NDR64)] as never,
      },
    ],
    [
      'bind time features granted',
      {
        ...limits,
        secondaryAddress: '3136383800',
        results: [result(0, 0, NDR32), result(3, 3, NONE)] as never,
      },
    ],
    [
      'refused: an interface that it does not know',
      { ...limits, secondaryAddress: '', results: [result(2, 1, NONE)] as never },
    ],
    [
      'refused by the user; reason and version of many octets',
      {
        ...limits,
        secondaryAddress: '',
        results: [result(1, 0x1234, { uuid: OTHER_INTERFACE.uuid, version: 0x01020304 })] as never,
      },
    ],
    [
      'reserved fields that are not 0',
      { ...limits, secondaryAddress: '00', results: accepted, reserved: 0xa5, reserved2: 0x1234 },
    ],
    [
      'octets behind the last result',
      { ...limits, secondaryAddress: '00', results: accepted, trailing: counted(3) },
    ],
  ];
  return bodies.map(([comment, body]) => ({ kind, comment, body }));
}
