import {
  btfnSyntax,
  DREP_BIG_ENDIAN,
  encodePdu,
  encodeRequestStub,
  filetimeFromUnixMs,
  NDR32,
  NDR64,
  stubEncoding,
} from '../../../protocol';
import { clientFragments } from './fragments';
import {
  alterOf,
  bindOf,
  BTFN_CONTEXT,
  callOf,
  cmid,
  contextOf,
  Lab,
  NDR32_CONTEXT,
  NDR64_CONTEXT,
  requestOf,
  START_MS,
} from './lab';

/** A conversation, or several, with a pure lab host; what it returns tells hosts apart. */
export type Probe = (lab: Lab) => string[];

const NDR32_ONLY = bindOf([NDR32_CONTEXT]);
const OTHER_INTERFACE = { uuid: '12345678-1234-abcd-ef00-0123456789ab', major: 1, minor: 0 };

/** Each message over a connection of its own. */
function ask(lab: Lab, messages: readonly Uint8Array[]): string[] {
  return messages.flatMap((message) => {
    const connection = lab.associate();
    connection.send(NDR32_ONLY);
    connection.send(callOf(message));
    connection.leave();
    return connection.log;
  });
}

/** All of these bytes over one connection, a segment each. */
function talk(lab: Lab, segments: readonly Uint8Array[]): string[] {
  const connection = lab.associate();
  for (const segment of segments) connection.send(segment);
  connection.leave();
  return connection.log;
}

const machines = (from: number, count: number, key: Parameters<typeof requestOf>[1] = 'win7'): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => requestOf(from + i, key));

/** A small change to a message that is valid otherwise. */
function withBytes(message: Uint8Array, offset: number, octets: readonly number[]): Uint8Array {
  const changed = Uint8Array.from(message);
  changed.set(octets, offset);
  return changed;
}

const MESSAGES: Record<string, Probe> = {
  growth: (lab) =>
    ask(lab, [...machines(0, 15, 'r2-b'), ...machines(100, 45, 'vista'), ...machines(200, 5, 'r2-b')]),
  renewals: (lab) => ask(lab, [...machines(0, 12, 'r2-b'), ...machines(4, 4, 'r2-b'), ...machines(0, 30)]),
  order: (lab) =>
    ask(lab, [
      ...machines(0, 10, 'r2-b'),
      requestOf(0, 'r2-b'),
      requestOf(20, 'r2-b'),
      requestOf(30),
      ...machines(0, 2, 'r2-b'),
    ]),
  products: (lab) =>
    ask(lab, [
      ...machines(0, 3),
      ...machines(10, 3, 'r2-b'),
      ...machines(20, 3, 'vista'),
      ...machines(0, 2, 'office2010'),
      ...machines(40, 1),
    ]),
  identities: (lab) =>
    ask(lab, [
      requestOf(1),
      ...[5, 6].map((licenseStatus) => requestOf(1, 'win7', { licenseStatus })),
      requestOf(1, 'win7', { workstationName: 'RENAMED' }),
      requestOf(1, 'win7', { skuId: cmid(77) }),
      requestOf(1, 'win7', { previousClientMachineId: cmid(88) }),
      ...[0, 5, 10, 15].map((at) => withBytes(requestOf(1), 64 + at, [0x5a])),
      requestOf(2, 'win7', { workstationName: 'RENAMED' }),
      requestOf(3, 'win7', { isVirtualMachine: 1 }),
      requestOf(4, 'win7', { workstationName: '' }),
      requestOf(4, 'win7', { workstationName: 'x'.repeat(63) }),
      requestOf(4, 'win7', { workstationName: 'Zürich' }),
      requestOf(4, 'win7', { workstationName: 'A' }),
    ]),
  refusals: (lab) =>
    ask(lab, [
      requestOf(1),
      requestOf(2, 'win7', { requiredClientCount: 1001 }),
      requestOf(3),
      requestOf(4, 'win7', { kmsCountedId: cmid(99) }),
      requestOf(5, 'win7', { applicationId: cmid(98) }),
      requestOf(6).subarray(0, 200),
      withBytes(requestOf(7), 2, [3]),
      withBytes(new Uint8Array(260), 2, [6]),
      requestOf(8),
      requestOf(9, 'win7', { requestTime: filetimeFromUnixMs(START_MS - 6 * 3600_000) }),
      requestOf(10),
    ]),
  everyProduct: (lab) =>
    ask(
      lab,
      (['vista', 'win7', '2008-a', '2008-b', '2008-c', 'r2-a', 'r2-b', 'r2-c', 'office2010'] as const).map(
        (key, i) => requestOf(i, key),
      ),
    ),
  lowestFirst: (lab) =>
    ask(
      lab,
      [3, 1, 2, 5, 4, 6, 7, 8, 9, 10, 11, 3, 1, 12, 2].map((n) => requestOf(n, 'r2-a')),
    ),
};

const TIME: Record<string, Probe> = {
  age: (lab) => {
    const log = ask(lab, machines(0, 3));
    for (const [days, who] of [
      [8, 0],
      [21.9, 1],
      [0.5, 2],
      [7.8, 3],
      [29.5, 1],
      [31, 4],
      [40, 5],
    ] as const) {
      lab.advanceDays(days);
      log.push(...ask(lab, [requestOf(who)]));
    }
    return log;
  },
  ageOfServers: (lab) => {
    const log = ask(lab, machines(0, 5));
    lab.advanceDays(31);
    log.push(...ask(lab, machines(10, 14, 'r2-b')));
    return log;
  },
  restart: (lab) => {
    const log = ask(lab, machines(0, 2));
    lab.kms.restart();
    return [...log, ...ask(lab, machines(5, 1))];
  },
};

const call = callOf(requestOf(1));
const stub = (size: number, count: number, bytes: number, width: 4 | 8 = 4): Uint8Array => {
  const message = requestOf(9).subarray(0, bytes);
  return encodeRequestStub(
    { requestSize: BigInt(size), maxCount: BigInt(count), message },
    { bigEndian: false, ndrWidth: width },
  );
};

const RPC: Record<string, Probe> = {
  binds: (lab) => [
    ...talk(lab, [NDR32_ONLY, call]),
    ...talk(lab, [
      bindOf(),
      callOf(requestOf(2), { syntax: 'ndr64', contextId: 1 }),
      alterOf([NDR32_CONTEXT]),
      call,
    ]),
    ...talk(lab, [bindOf([contextOf(0, [NDR32], OTHER_INTERFACE)])]),
    ...talk(lab, [bindOf([contextOf(3, [NDR32]), contextOf(4, [btfnSyntax(1)]), BTFN_CONTEXT])]),
    ...talk(lab, [bindOf([contextOf(0xffff, [NDR32])])]),
    ...talk(lab, [bindOf([NDR32_CONTEXT], 2000), call]),
  ],
  calls: (lab) => [
    ...talk(lab, [
      NDR32_ONLY,
      ...[0, 1, 0xff, 0xffffffff, 7].map((callId) => callOf(requestOf(1), { header: { callId } })),
    ]),
    ...talk(lab, [bindOf([contextOf(5, [NDR32])]), callOf(requestOf(1), { contextId: 5 })]),
    ...talk(lab, [NDR32_ONLY, callOf(requestOf(1), { body: { opnum: 1 } }), call]),
    ...talk(lab, [NDR32_ONLY, callOf(requestOf(1), { contextId: 9 }), call]),
    ...talk(lab, [NDR32_ONLY, callOf(requestOf(1), { body: { allocHint: 0 } })]),
    ...talk(lab, [NDR32_ONLY, callOf(requestOf(1), { body: { allocHint: 9 } })]),
    ...talk(lab, [NDR32_ONLY, callOf(requestOf(1), { body: { objectUuid: cmid(3) } })]),
  ],
  altered: (lab) =>
    talk(lab, [
      bindOf([contextOf(5, [NDR32])]),
      alterOf([contextOf(6, [NDR32])]),
      callOf(requestOf(1), { contextId: 6 }),
    ]),
  ndr64: (lab) => {
    const bind = bindOf([NDR64_CONTEXT]);
    const ask64 = (n: number): string[] =>
      talk(lab, [bind, callOf(requestOf(n), { syntax: 'ndr64', contextId: 1 })]);
    return [...ask(lab, machines(0, 2)), ...ask64(5), ...ask(lab, machines(8, 1))];
  },
  fragments: (lab) => {
    const parts = clientFragments(requestOf(1), 64);
    return [
      ...talk(lab, [NDR32_ONLY, ...parts]),
      ...talk(lab, [
        NDR32_ONLY,
        ...parts.slice(0, 2),
        encodePdu({ kind: 'orphaned', header: { callId: 3 }, body: {} }),
      ]),
      ...talk(lab, [NDR32_ONLY, parts.at(-1)!]),
      ...talk(lab, [NDR32_ONLY, parts[0]!, clientFragments(requestOf(1), 64, 77)[0]!]),
      ...talk(lab, [NDR32_ONLY, ...clientFragments(requestOf(1), 64, 3, true)]),
    ];
  },
  segments: (lab) => [
    ...talk(lab, [NDR32_ONLY, call.subarray(0, 100), call.subarray(100)]),
    ...talk(lab, [Buffer.concat([NDR32_ONLY, call])]),
    ...talk(lab, [NDR32_ONLY, callOf(requestOf(40)).subarray(0, 16), callOf(requestOf(40)).subarray(16)]),
    ...ask(lab, machines(50, 1)),
  ],
  badStubs: (lab) => [
    ...[stub(252, 252, 200), stub(252, 251, 251), stub(0, 0, 0), stub(0xffff_ffff, 0xffff_ffff, 252)].flatMap(
      (bad) => talk(lab, [NDR32_ONLY, callOf(requestOf(9), { body: { stub: bad } })]),
    ),
    ...talk(lab, [NDR32_ONLY, callOf(requestOf(9), { body: { stub: stub(252, 200, 252) } }), call]),
    ...ask(lab, machines(20, 1)),
  ],
  parallel: (lab) => {
    const connections = [0, 1, 2].map(() => lab.associate());
    for (const connection of connections) connection.send(NDR32_ONLY);
    connections.forEach((connection, i) => connection.send(callOf(requestOf(i))));
    connections[1]!.send(callOf(requestOf(0)));
    return connections.flatMap(({ log }) => log);
  },
};

const bigEndianBind = encodePdu({
  kind: 'bind',
  header: { callId: 2, drep: DREP_BIG_ENDIAN },
  body: { maxXmitFrag: 5840, maxRecvFrag: 5840, contexts: [NDR32_CONTEXT] },
});
const bigEndianCall = encodePdu({
  kind: 'request',
  header: { callId: 3, drep: DREP_BIG_ENDIAN },
  body: {
    contextId: 0,
    opnum: 0,
    stub: encodeRequestStub({ message: requestOf(1) }, stubEncoding('ndr32', true)),
  },
});

const hostile =
  (fields: Parameters<typeof requestOf>[2]): Probe =>
  (lab) =>
    ask(lab, [requestOf(1, 'win7', fields)]);
const raw =
  (...segments: Uint8Array[]): Probe =>
  (lab) =>
    talk(lab, segments);

const HOSTILE: Record<string, Probe> = {
  bigEndian: raw(bigEndianBind, bigEndianCall),
  garbage: raw(Buffer.from('GET / HTTP/1.1\r\nHost: kms\r\n\r\n')),
  cut: raw(NDR32_ONLY.subarray(0, 30)),
  fragLengthZero: raw(withBytes(NDR32_ONLY, 8, [0, 0])),
  authLength: raw(withBytes(NDR32_ONLY, 10, [0xff, 0xff])),
  ptype: raw(withBytes(NDR32_ONLY, 2, [200])),
  contextCount: raw(withBytes(NDR32_ONLY, 24, [200])),
  syntaxCount: raw(withBytes(NDR32_ONLY, 30, [200])),
  endless: (lab) => {
    const [first, ...rest] = clientFragments(requestOf(1), 128);
    return talk(lab, [NDR32_ONLY, first!, ...Array.from({ length: 600 }, () => rest[0]!)]);
  },
  versionZero: (lab) => ask(lab, [new Uint8Array(252)]),
  unterminated: (lab) => ask(lab, [withBytes(requestOf(1), 108, new Array<number>(128).fill(0x41))]),
  surrogate: hostile({ workstationName: 'a\ud800b' }),
  longSurrogate: hostile({ workstationName: `${'a'.repeat(61)}\ud83d\ude00` }),
  longName: hostile({ workstationName: 'a'.repeat(60) }),
  countZero: hostile({ requiredClientCount: 0 }),
  countHuge: hostile({ requiredClientCount: 0x8000_0000 }),
  count128: (lab) =>
    ask(
      lab,
      [1, 2, 3].map((n) => requestOf(n, 'win7', { requiredClientCount: 128 })),
    ),
  timeZero: hostile({ requestTime: 0n }),
  timeLate: hostile({ requestTime: (1n << 64n) - 1n }),
  virtualGrace: hostile({ isVirtualMachine: 1, licenseStatus: 6 }),
  unknownStatus: hostile({ licenseStatus: 9 }),
  expiration: hostile({ bindingExpirationMinutes: 0xffff_ffff }),
  vmInfo: hostile({ isVirtualMachine: 0x8000_0001 }),
  refusedThenGranted: (lab) => ask(lab, [requestOf(1, 'win7', { requiredClientCount: 5000 }), requestOf(1)]),
  knownPrevious: (lab) =>
    ask(lab, [requestOf(1), requestOf(2, 'win7', { previousClientMachineId: cmid(1) })]),
  ownPrevious: hostile({ previousClientMachineId: cmid(1) }),
  endingFf: (lab) => ask(lab, [withBytes(requestOf(1), 79, [0xff]), requestOf(2)]),
  nilCmid: (lab) => ask(lab, [requestOf(1), withBytes(requestOf(2), 64, new Array<number>(16).fill(0))]),
  nameAfterMalformed: (lab) => ask(lab, [requestOf(1), requestOf(2).subarray(0, 100), requestOf(3)]),
  thousand: (lab) => ask(lab, machines(0, 1002)).slice(-8),
  slowDeath: (lab) => {
    const connection = lab.associate();
    connection.send(NDR32_ONLY);
    for (let n = 0; n < 10_001; n++) connection.send(call);
    return [...connection.log.slice(-2), ...talk(lab, [Buffer.alloc(20, 0xff)])];
  },
};

/** Conversations that any host may have met before: nothing in them is out of the way. */
export const ORDINARY_PROBES: Readonly<Record<string, Probe>> = {
  growth: MESSAGES['growth']!,
  renewals: MESSAGES['renewals']!,
  age: TIME['age']!,
  both: (lab) => talk(lab, [bindOf([NDR32_CONTEXT, contextOf(1, [NDR64]), BTFN_CONTEXT])]),
};

export const PROBES: Readonly<Record<string, Probe>> = { ...MESSAGES, ...TIME, ...RPC, ...HOSTILE };
