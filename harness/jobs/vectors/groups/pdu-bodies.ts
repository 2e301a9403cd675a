import { BIND_NAK_REASONS, FAULT, PFC } from '../../../../protocol';
import type { Value } from '../plain/lay-out';
import { bindAcks, binds, type MadePdu as Made, OTHER_INTERFACE } from './bind-bodies';
import { counted } from './made';

function bindNaks(): Made[] {
  const reasons = [...Object.keys(BIND_NAK_REASONS).map(Number), 0x1234];
  const versions: Value[][] = [
    [],
    [{ major: 5, minor: 0 }],
    [
      { major: 5, minor: 0 },
      { major: 5, minor: 1 },
    ],
  ];
  return [
    ...reasons.map(
      (reason): Made => ({
        kind: 'bindNak',
        comment: `reason ${reason}`,
        body: { reason, versions: [{ major: 5, minor: 0 }] },
      }),
    ),
    ...versions.map(
      (each): Made => ({
        kind: 'bindNak',
        comment: `${each.length} versions`,
        body: { reason: 4, versions: each },
      }),
    ),
    {
      kind: 'bindNak',
      comment: 'octets behind the last version',
      body: { reason: 1, versions: [{ major: 5, minor: 0 }], trailing: counted(2) },
    },
  ];
}

function calls(): Made[] {
  const call = { contextId: 1, opnum: 0 };
  const sizes = [0, 1, 2, 3, 4, 260, 284, 1000];
  return [
    ...sizes.map(
      (size): Made => ({
        kind: 'request',
        comment: `a stub of ${size} octets`,
        body: { ...call, stub: counted(size) },
      }),
    ),
    ...sizes.map(
      (size): Made => ({
        kind: 'response',
        comment: `a stub of ${size} octets`,
        body: { contextId: 1, stub: counted(size) },
      }),
    ),
    {
      kind: 'request',
      comment: 'every field of many octets',
      body: { allocHint: 0x01020304, contextId: 0x0506, opnum: 0x0708, stub: '09' },
    },
    {
      kind: 'request',
      comment: 'an allocation hint of 0',
      body: { ...call, allocHint: 0, stub: counted(4) },
    },
    {
      kind: 'request',
      comment: 'an object',
      body: { ...call, objectUuid: OTHER_INTERFACE.uuid, stub: counted(4) },
    },
    {
      kind: 'request',
      comment: 'an object and no stub',
      body: { ...call, objectUuid: OTHER_INTERFACE.uuid, stub: '' },
    },
    {
      kind: 'response',
      comment: 'every field of many octets',
      body: { allocHint: 0x01020304, contextId: 0x0506, cancelCount: 7, reserved: 8, stub: '09' },
    },
    {
      kind: 'request',
      comment: 'a first fragment',
      header: { pfcFlags: PFC.firstFrag },
      body: { ...call, stub: counted(8) },
    },
    {
      kind: 'request',
      comment: 'a last fragment',
      header: { pfcFlags: PFC.lastFrag },
      body: { ...call, stub: counted(8) },
    },
    {
      kind: 'response',
      comment: 'a fragment between',
      header: { pfcFlags: 0 },
      body: { contextId: 1, stub: counted(8) },
    },
  ];
}

function faults(): Made[] {
  return [
    ...Object.entries(FAULT).map(
      ([name, status]): Made => ({
        kind: 'fault',
        comment: `status ${name}`,
        body: { contextId: 1, status },
      }),
    ),
    {
      kind: 'fault',
      comment: 'every field of many octets',
      body: {
        allocHint: 0x01020304,
        contextId: 0x0506,
        cancelCount: 7,
        reserved: 8,
        status: 0x090a0b0c,
        reserved2: 0x0d0e0f10,
      },
    },
    {
      kind: 'fault',
      comment: 'extended error information',
      body: { allocHint: 32, contextId: 0, reserved: 1, status: FAULT.accessDenied, stub: counted(32) },
    },
    {
      kind: 'fault',
      comment: 'the call was not executed',
      header: { pfcFlags: PFC.firstFrag | PFC.lastFrag | PFC.didNotExecute },
      body: { contextId: 1, status: FAULT.opRangeError },
    },
  ];
}

function others(): Made[] {
  const kinds = ['shutdown', 'coCancel', 'orphaned', 'unknown'] as const;
  return [
    ...kinds.flatMap((kind): Made[] => [
      { kind, comment: 'nothing behind the header', body: { content: '' } },
      { kind, comment: 'octets behind the header', body: { content: counted(9) } },
    ]),
    ...[4, 10, 16, 20, 255].map(
      (ptype): Made => ({
        kind: 'unknown',
        comment: `PTYPE ${ptype}`,
        header: { ptype },
        body: { content: counted(4) },
      }),
    ),
  ];
}

/** Fields of the header and the verifier at the end, on a small body of each kind. */
function headers(): Made[] {
  const kind = 'request';
  const body = { contextId: 1, opnum: 0, stub: counted(4) };
  const numbers = [0, 1, 0x01020304, 0xffffffff];
  const flags = [PFC.pendingCancel, PFC.concMpx, PFC.maybe].map((flag) => flag | 3);
  return [
    ...numbers.map((callId): Made => ({ kind, body, comment: `call_id ${callId}`, header: { callId } })),
    ...flags.map(
      (pfcFlags): Made => ({ kind, body, comment: `pfc_flags ${pfcFlags}`, header: { pfcFlags } }),
    ),
    { kind, body, comment: 'rpc_vers_minor 1', header: { rpcVersMinor: 1 } },
    ...[1, 8, 16, 40].flatMap((size): Made[] => [
      {
        kind,
        body,
        comment: `an authentication value of ${size} octets`,
        authTrailer: counted(8 + size, 0x80),
      },
      {
        ...binds('bind')[2]!,
        comment: `an authentication value of ${size} octets`,
        authTrailer: counted(8 + size, 0x80),
      },
    ]),
    {
      kind: 'response',
      body: { contextId: 1, stub: counted(4) },
      comment: 'an authentication value',
      authTrailer: counted(24, 0x80),
    },
    { ...bindAcks('bindAck')[5]!, comment: 'an authentication value', authTrailer: counted(24, 0x80) },
  ];
}

/** Packed_drep whose other octets are not the usual ones: only the high half of the first one says the byte order. */
export const ODD_DREPS = [
  ['1f000000', false],
  ['10030000', false],
  ['1000a5a5', false],
  ['f0000000', false],
  ['0f000000', true],
  ['01030000', true],
  ['0000ffff', true],
] as const;

/** Bodies of every kind at their edges, to be laid out in both byte orders. */
export const MADE_PDUS: readonly Made[] = [
  ...binds('bind'),
  ...binds('alterContext'),
  ...bindAcks('bindAck'),
  ...bindAcks('alterContextResp'),
  ...bindNaks(),
  ...calls(),
  ...faults(),
  ...others(),
  ...headers(),
];
