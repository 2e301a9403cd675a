import { btfnSyntax, DREP_BIG_ENDIAN, KMS_INTERFACE, TRANSFER_SYNTAXES } from '../../../../protocol';
import type { OfferedContext } from '../../../client/bind-offer';
import type { AskStep, BindStep, FieldChange, FuzzCase } from '../../../cases/case';
import { FRAGMENTS } from './fragments';
import { alterPdu, ask, bindPdu, call, conversation, range, stream, together } from './scripted';

const { ndr32, ndr64 } = TRANSFER_SYNTAXES;
const UNKNOWN_INTERFACE = { uuid: 'e1af8308-5d1f-11c9-91a4-08002b14a0fa', major: 3, minor: 0 };
const OTHER_SYNTAX = { uuid: '6d3b1a52-90fd-4f33-8c6a-2c1e5f7b9d10', version: 1 };

const context = (
  contextId: number,
  transferSyntaxes: OfferedContext['transferSyntaxes'],
  abstractSyntax: OfferedContext['abstractSyntax'] = KMS_INTERFACE,
): OfferedContext => ({ contextId, abstractSyntax, transferSyntaxes });

/** Binds that offer one thing or another, a call behind each. */
const OFFERS: readonly (readonly OfferedContext[])[] = [
  [context(0, [ndr64])],
  [context(0, [ndr32]), context(1, [ndr64])],
  [context(0, [ndr64]), context(1, [ndr32])],
  [context(0, [ndr64, ndr32])],
  [context(0, [OTHER_SYNTAX, ndr32])],
  [context(0, [OTHER_SYNTAX])],
  [context(0, [ndr32], UNKNOWN_INTERFACE)],
  [context(0, [ndr64], UNKNOWN_INTERFACE)],
  [context(0, [ndr32], { ...KMS_INTERFACE, major: KMS_INTERFACE.major + 1 })],
  [context(0, [ndr32], { ...KMS_INTERFACE, minor: KMS_INTERFACE.minor + 1 })],
  [context(0, [ndr32], UNKNOWN_INTERFACE), context(1, [ndr32])],
  ...[0, 1, 2, 3, 0xff].map((bits) => [context(0, [ndr32]), context(1, [btfnSyntax(bits)])]),
  [context(0, [btfnSyntax(3)])],
  [context(0, [ndr32]), context(1, [btfnSyntax(3)]), context(2, [btfnSyntax(3)])],
  [context(0, [ndr32]), context(0, [ndr32])],
  [context(7, [ndr32])],
  [context(0xffff, [ndr32])],
  range(0, 20).map((id) => context(id, [ndr32])),
  [],
];

const offered = (contexts: readonly OfferedContext[]): Uint8Array => bindPdu({ contexts });

const BINDS: readonly FuzzCase[] = [
  ...OFFERS.map((contexts) =>
    conversation([
      stream([
        offered(contexts),
        call(0, { contextId: contexts[0]?.contextId ?? 0 }),
        call(1, { contextId: 1 }),
      ]),
    ]),
  ),
  ...[0, 16, 1432, 2048, 4280, 65_535].map((size) =>
    conversation([stream([bindPdu({ maxXmitFrag: size, maxRecvFrag: size }), call(0)])]),
  ),
  ...[1, 0xffffffff].map((assocGroupId) => conversation([stream([bindPdu({ assocGroupId }), call(0)])])),
  ...[0, 0xff, 0x1ff, 0x10000, 0xffffffff].map((callId) =>
    conversation([
      stream([bindPdu({ callId }), call(0, { header: { callId } }), call(1, { header: { callId } })]),
    ]),
  ),
  conversation([stream([bindPdu({ drep: DREP_BIG_ENDIAN }), call(0)])]),
  conversation([stream([bindPdu({ pfcFlags: 3 }), call(0)])]),
  conversation([stream([bindPdu({ pfcFlags: 7 }), call(0)])]),
  conversation([stream([credentials(bindPdu(), 10), call(0)])]),
  conversation([stream([credentials(bindPdu(), 0), call(0)])]),
  conversation([stream([bindPdu(), bindPdu(), call(0)])]),
  conversation([stream([bindPdu(), alterPdu(), call(0)])]),
  conversation([
    stream([bindPdu(), alterPdu({ contexts: [context(2, [ndr32])] }), call(0, { contextId: 2 }), call(1)]),
  ]),
  conversation([
    stream([
      bindPdu(),
      alterPdu({ contexts: [context(2, [ndr32], UNKNOWN_INTERFACE)] }),
      call(0),
      call(1, { contextId: 2 }),
    ]),
  ]),
  conversation([stream([alterPdu(), call(0)])]),
  conversation([stream([call(0)])]),
  conversation([
    stream([bindPdu({ contexts: [context(5, [ndr32])] }), call(0, { contextId: 5 })]),
    stream([bindPdu(), call(1, { contextId: 5 })], 1),
  ]),
  conversation([
    ask(0, { on: 0 }),
    stream([bindPdu({ contexts: [context(9, [ndr32])] }), call(1, { contextId: 9 })], 1),
    ask(2, { on: 0, body: [change('contextId', 9)] }),
  ]),
  conversation([bindStep(0), { ...bindStep(0), on: 1, groupOf: 0 }, ask(0, { on: 1 })]),
  conversation([bindStep(0xffff), ask(0)]),
  conversation([ask(0), bindStep(3), ask(1), ask(0)]),
  conversation([ask(0), ask(1, { syntax: 'ndr64' }), ask(2), ask(3, { syntax: 'ndr64' })]),
];

function change(field: string, value: unknown): FieldChange {
  return { field, mode: 'boundary', value };
}

function bindStep(contextId: number): BindStep {
  return { kind: 'bind', on: 0, contextId, syntax: 'ndr32', features: false, body: [] };
}

/** A PDU with credentials behind it that nobody has. */
function credentials(pdu: Uint8Array, authType: number): Uint8Array {
  const value = Buffer.from('4e544c4d5353500001000000b7820008', 'hex');
  const bytes = Buffer.concat([pdu, Buffer.from([authType, 2, 0, 0, 0, 0, 0, 0]), value]);
  bytes.writeUInt16LE(bytes.length, 8);
  bytes.writeUInt16LE(value.length, 10);
  return bytes;
}

const called = (change: Partial<AskStep>): FuzzCase => conversation([ask(0), ask(1, change), ask(2), ask(1)]);
const bodies = (field: string, values: readonly unknown[]): readonly FuzzCase[] =>
  values.map((value) => called({ body: [change(field, value)] }));
const headers = (field: string, values: readonly unknown[]): readonly FuzzCase[] =>
  values.map((value) => called({ header: [change(field, value)] }));
const stubs = (field: string, values: readonly unknown[]): readonly FuzzCase[] =>
  values.map((value) => called({ stub: [change(field, value)] }));

const CALLS: readonly FuzzCase[] = [
  ...bodies('opnum', [1, 2, 3, 0xffff]),
  ...bodies('contextId', [1, 0x100, 0xffff]),
  ...bodies('allocHint', [0, 1, 259, 261, 0x10000, 0x7fffffff, 0xffffffff]),
  ...headers('pfcFlags', [0, 1, 2, 0x07, 0x23, 0x43]),
  ...headers('rpcVers', [4, 6]),
  ...headers('rpcVersMinor', [1, 2]),
  ...headers('ptype', [1, 4, 5, 6, 7, 9, 10, 16, 17, 20, 99, 255]),
  ...headers('fragLength', [0, 15, 16, 24, 283, 285, 0xffff]),
  ...headers('authLength', [1, 8, 260, 0xffff]),
  ...stubs('requestSize', [0n, 8n, 251n, 253n, 0x7fffffffn, 0x80000000n, 0xffffffffn]),
  ...stubs('maxCount', [0n, 8n, 251n, 253n, 300n, 0x80000000n, 0xffffffffn]),
  ...stubs('trailing', [Buffer.alloc(4), Buffer.alloc(8, 1)]),
  called({ objectUuid: '0f0e0d0c-0b0a-4908-8706-050403020100' }),
  called({ bigEndian: true }),
  ...[0, 1, 255, 0xff00, 0x1ff, 0xffff, 0x10000, 0x100ff, 0xffffffff].map((callId) => called({ callId })),
  ...[8, 64, 128, 136, 252].map((fragmentSize) => called({ fragmentSize })),
  ...[[1], [16], [24], [15, 16, 17], [283]].map((cuts) => called({ cuts })),
  conversation(range(0, 49).map((at) => ask(at % 8, { callId: at + 1 }))),
  conversation([
    ask(0, { on: 0 }),
    ask(0, { on: 1 }),
    ask(1, { on: 1 }),
    ask(1, { on: 0 }),
    ask(2, { on: 2 }),
  ]),
];

const raw = (text: string, encoding: BufferEncoding = 'hex'): FuzzCase =>
  conversation([
    { ...together([Buffer.from(text, encoding)]), what: 'octets that are no PDU' },
    ask(0),
    ask(1),
  ]);

/** What is no conversation, and how connections end. */
const NOISE: readonly FuzzCase[] = [
  raw('GET / HTTP/1.1\r\nHost: kms\r\n\r\n', 'latin1'),
  raw('160301004a010000460303'),
  raw(''),
  raw('05000b03100000000000000001000000'),
  raw('05000003100000000f00000001000000'),
  raw('0500000310000000ffff000001000000'),
  raw('05000b03100000001800ffff01000000d016d01600000000'),
  raw('05000b03100000001c00000001000000d016d01600000000ff000000'),
  raw('05000b03100000004400000001000000d016d0160000000001000000' + '0000ff00'.padEnd(80, '0')),
  raw('05006303100000001000000001000000'),
  ...(['fin', 'reset'] as const).flatMap((how) =>
    [null, 1, 15, 16, 24, 100, 283, 284].map((after) =>
      conversation([{ kind: 'close', on: 0, how, after }, ask(1), ask(2)]),
    ),
  ),
];

/** More connections than some hosts take. */
export const MANY_CONNECTIONS: readonly FuzzCase[] = [
  conversation(range(0, 104).map((on) => ask(on % 4, { on: on + 300 }))),
  conversation([...range(0, 505).map(() => ({ ...together([Buffer.alloc(0)]), what: 'silence' })), ask(0)]),
];

/** How hosts speak RPC. */
export const CALL_CONVERSATIONS: readonly FuzzCase[] = [...CALLS, ...BINDS, ...FRAGMENTS, ...NOISE];
