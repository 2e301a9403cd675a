import {
  kmsRequest,
  kmsResponse,
  type Layout,
  NIL_GUID,
  PRODUCTS,
  sealedMessage,
} from '../../../../protocol';
import { Random } from '../../../support/random';
import { hexOf, layOut, octetsOf, type Value } from '../plain/lay-out';
import { RECORDINGS, recordedConnections } from '../plain/recordings';
import { readMessage, readStub, recordedCalls } from '../plain/recorded-calls';
import { counted, MADE, once, type Unnumbered } from './made';
import { labMac, MAC_OCTETS, signed } from './lab-mac';

type MessageVector = Unnumbered<'message'>;
type Of = MessageVector['of'];

/** Messages: as they were recorded, and each field at its edges. Those that are made have the MAC of the lab key, unless it is said. */
export function* messages(): Generator<MessageVector> {
  yield* recorded();
  yield* requests(new Random(21));
  yield* responses(new Random(22));
  yield* sealed();
}

function* recorded(): Generator<MessageVector> {
  const isNew = once();
  for (const recording of RECORDINGS) {
    for (const call of recordedConnections(recording).flatMap(recordedCalls)) {
      const answered = readStub('answer', call.answer, call.transferSyntax);
      const stubs = [
        { of: 'request', stub: readStub('request', call.request, call.transferSyntax).value },
        ...(answered.kind === 'response' ? [{ of: 'response', stub: answered.value } as const] : []),
      ] as const;
      for (const { of, stub } of stubs) {
        const bytes = stub['message'] as string;
        if (isNew(bytes)) yield vector(`a recorded ${of}`, of, bytes, recording);
      }
    }
  }
}

/** Of a message whose value is read where the octets are given, and known where they are laid out. */
function vector(comment: string, of: Of, bytes: string, source: string, value?: Value): MessageVector {
  const content = value === undefined ? readMessage(of, bytes) : ({ kind: 'clear', value } as const);
  return { comment, source, bytes, of, content, labMac: content.kind === 'sealed' ? 'none' : macOf(bytes) };
}

const macOf = (bytes: string): 'matches' | 'differs' =>
  bytes.endsWith(labMac(octetsOf(bytes).slice(0, -MAC_OCTETS))) ? 'matches' : 'differs';

const LITTLE = { bigEndian: false, ndrWidth: 4 } as const;

function made(comment: string, of: Of, given: Value): MessageVector {
  const table: Layout = of === 'request' ? kmsRequest : kmsResponse;
  const { octets, value } = layOut(table, given, LITTLE);
  if (given['mac'] !== undefined) return vector(comment, of, hexOf(octets), MADE, value);
  const whole = signed(octets);
  return vector(comment, of, hexOf(whole), MADE, { ...value, mac: hexOf(whole.slice(-MAC_OCTETS)) });
}

/** What a Windows 7 client sends, as far as it does not matter. */
const REQUEST: Value = {
  majorVersion: 4,
  licenseStatus: 2,
  bindingExpirationMinutes: 43200,
  applicationId: PRODUCTS[1].applicationId,
  skuId: PRODUCTS[1].skus[0].skuId,
  kmsCountedId: PRODUCTS[1].kmsCountedId,
  clientMachineId: '11111111-1111-4111-8111-111111111111',
  requiredClientCount: 25,
  requestTime: '128790414900000000',
  previousClientMachineId: NIL_GUID,
  workstationName: 'PC-1.example.test',
};
const RESPONSE: Value = {
  majorVersion: 4,
  ePid: '55041-00168-305-190595-03-1033-7600.0000-3402009',
  clientMachineId: '11111111-1111-4111-8111-111111111111',
  requestTime: '128790414900000000',
  currentClientCount: 26,
  activationIntervalMinutes: 120,
  renewalIntervalMinutes: 10080,
};

/** Versions whose low octet is that of a sealed message, which none of them is. */
const LIKE_SEALED = [0x0105, 0x0106];
const U16_EDGES = [0, 1, 3, 7, 0x0102, 0xffff];
const U32_EDGES = [0, 1, 0x01020304, 0x7fffffff, 0x80000000, 0xffffffff];
const TIMES = [
  '0',
  '1',
  '72623859790382856',
  '9223372036854775807',
  '9223372036854775808',
  '18446744073709551615',
];
const GUID_EDGES = [NIL_GUID, 'ffffffff-ffff-ffff-ffff-ffffffffffff', '00112233-4455-6677-8899-aabbccddeeff'];

/** Each field of a table at its edges, the others as they are. */
function* fields(of: Of, table: Layout, base: Value): Generator<MessageVector> {
  for (const [name, field] of Object.entries(table.fields)) {
    const at = (value: number | string) => made(`${name} ${value}`, of, { ...base, [name]: value });
    if (field.kind === 'uint' && name !== 'ePidSize')
      yield* (field.size === 2 ? U16_EDGES : U32_EDGES).map(at);
    if (name === 'majorVersion') yield* LIKE_SEALED.map(at);
    if (field.kind === 'u64') yield* TIMES.map(at);
    if (field.kind === 'guid') yield* GUID_EDGES.map(at);
  }
}

const name = (size: number): string =>
  Array.from({ length: size }, (_, i) => String.fromCharCode(65 + (i % 26))).join('');
const NAMES: readonly [string, string | { readonly hex: string }][] = [
  ['an empty name', ''],
  ...[1, 2, 15, 31, 62, 63].map((size): [string, string] => [`a name of ${size} units`, name(size)]),
  ['a name that fills all, without a NUL: no text', { hex: counted(128, 0x40) }],
  ['a name with a NUL in it, and more behind', 'PC\0-1'],
  ['a name that begins with a NUL', '\0PC'],
  ['beyond ASCII', 'Zürich-Ω-試'],
  ['beyond the basic plane: two units', 'PC-😀'],
  ['a high surrogate alone', 'PC-\ud83d'],
  ['a low surrogate alone', '\ude00-PC'],
  ['the largest unit', '\uffff'],
  ['one unit, whose low octet is 0', '\u0100'],
  ['the last octet alone is not 0: no text', { hex: `${'00'.repeat(127)}01` }],
  ['the last octet but one is not 0: no text', { hex: `${'00'.repeat(126)}0100` }],
];

function* requests(random: Random): Generator<MessageVector> {
  yield made('a request', 'request', REQUEST);
  yield* fields('request', kmsRequest, REQUEST);
  for (const [comment, workstationName] of NAMES)
    yield made(comment, 'request', { ...REQUEST, workstationName });
  for (const { name: product, applicationId, kmsCountedId, requiredClientCount, skus } of PRODUCTS) {
    for (const { skuId } of skus) {
      yield made(product, 'request', { ...REQUEST, applicationId, kmsCountedId, requiredClientCount, skuId });
    }
  }
  yield made('no MAC', 'request', { ...REQUEST, mac: '00'.repeat(16) });
  yield made('another MAC', 'request', { ...REQUEST, mac: counted(16) });
  for (let i = 0; i < 40; i++) {
    const drawn = {
      clientMachineId: random.guid(),
      skuId: random.guid(),
      requiredClientCount: random.int(0, 1000),
    };
    yield made('drawn at random', 'request', {
      ...REQUEST,
      ...drawn,
      workstationName: name(random.int(0, 63)),
    });
  }
}

const EPIDS: readonly [string, string | { readonly hex: string }][] = [
  ...[0, 1, 2, 47, 48, 49, 62, 63, 64, 100].map((size): [string, string] => [
    `an ePID of ${size} units`,
    name(size),
  ]),
  ['an ePID of no octet', { hex: '' }],
  ['an ePID of one octet', { hex: '00' }],
  ['an ePID of an odd size', { hex: '4100420000' }],
  ['an ePID without a NUL', { hex: '41004200' }],
  ['an ePID whose last octet alone is 0', { hex: '4100420100' }],
  ['an ePID with a NUL in it', '550\u000041'],
  ['an ePID that ends in two NULs: one is text', '55041\0'],
  ['a surrogate alone', '\ud800'],
];

function* responses(random: Random): Generator<MessageVector> {
  yield made('a response', 'response', RESPONSE);
  yield* fields('response', kmsResponse, RESPONSE);
  for (const [comment, ePid] of EPIDS) yield made(comment, 'response', { ...RESPONSE, ePid });
  yield made('no MAC', 'response', { ...RESPONSE, mac: '00'.repeat(16) });
  yield made('another MAC', 'response', { ...RESPONSE, mac: counted(16) });
  for (let i = 0; i < 40; i++) {
    const drawn = { clientMachineId: random.guid(), currentClientCount: random.int(0, 50) };
    yield made('drawn at random', 'response', { ...RESPONSE, ...drawn, ePid: name(random.int(0, 63)) });
  }
}

function* sealed(): Generator<MessageVector> {
  for (const majorVersion of [5, 6]) {
    for (const size of [0, 1, 240]) {
      const { octets, value } = layOut(
        sealedMessage,
        { majorVersion, initializationVector: counted(16), sealed: counted(size, 0x80) },
        LITTLE,
      );
      for (const kind of ['request', 'response'] as const) {
        const content = { kind: 'sealed', value } as const;
        const comment = `version ${majorVersion}, ${size} octets sealed`;
        yield { comment, source: MADE, bytes: hexOf(octets), of: kind, content, labMac: 'none' };
      }
    }
  }
}
