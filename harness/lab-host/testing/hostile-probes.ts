import { DREP_BIG_ENDIAN, encodePdu, encodeRequestStub, stubEncoding } from '../../../protocol';
import { clientFragments } from './fragments';
import { cmid, NDR32_CONTEXT, requestOf } from './lab';
import { ask, call, machines, NDR32_ONLY, type Probe, talk, withBytes } from './probe-tools';

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

export const HOSTILE_PROBES: Record<string, Probe> = {
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
