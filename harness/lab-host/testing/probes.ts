import {
  btfnSyntax,
  encodePdu,
  encodeRequestStub,
  filetimeFromUnixMs,
  NDR32,
  NDR64,
} from '../../../protocol';
import { ASSOCIATION_PROBES } from './association-probes';
import { COUNTER_PROBES } from './counter-probes';
import { HOSTILE_PROBES } from './hostile-probes';
import { clientFragments } from './fragments';
import {
  alterOf,
  bindOf,
  BTFN_CONTEXT,
  callOf,
  cmid,
  contextOf,
  NDR32_CONTEXT,
  NDR64_CONTEXT,
  requestOf,
  START_MS,
} from './lab';
import { ask, call, machines, NDR32_ONLY, OTHER_INTERFACE, type Probe, talk, withBytes } from './probe-tools';

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
    ...talk(lab, [bindOf([contextOf(3, [NDR32]), contextOf(4, [btfnSyntax(1)])])]),
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
  longAssociation: (lab) => {
    const version3 = callOf(withBytes(requestOf(99), 2, [3]));
    const mistakes = [
      callOf(requestOf(9), { body: { opnum: 1 } }),
      callOf(requestOf(9), { body: { stub: stub(252, 251, 251) } }),
      version3,
    ];
    const connection = lab.associate();
    for (const segment of [NDR32_ONLY, call, ...machines(2, 3).map((each) => callOf(each)), call, call])
      connection.send(segment);
    const others: string[] = [];
    for (const [i, mistake] of mistakes.entries()) {
      connection.send(mistake);
      others.push(...ask(lab, machines(20 + i, 1)));
      connection.send(callOf(requestOf(30 + i)));
      others.push(...ask(lab, machines(40 + i, 1)));
    }
    connection.send(call);
    return [...connection.log, ...others];
  },
  parallel: (lab) => {
    const connections = [0, 1, 2].map(() => lab.associate());
    for (const connection of connections) connection.send(NDR32_ONLY);
    connections.forEach((connection, i) => connection.send(callOf(requestOf(i))));
    connections[1]!.send(callOf(requestOf(0)));
    return connections.flatMap(({ log }) => log);
  },
};

/** Conversations that any host may have met before: nothing in them is out of the way. */
export const ORDINARY_PROBES: Readonly<Record<string, Probe>> = {
  growth: MESSAGES['growth']!,
  renewals: MESSAGES['renewals']!,
  age: TIME['age']!,
  both: (lab) => talk(lab, [bindOf([NDR32_CONTEXT, contextOf(1, [NDR64]), BTFN_CONTEXT])]),
};

export const PROBES: Readonly<Record<string, Probe>> = {
  ...MESSAGES,
  ...TIME,
  ...RPC,
  ...ASSOCIATION_PROBES,
  ...COUNTER_PROBES,
  ...HOSTILE_PROBES,
};
