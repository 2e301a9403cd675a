import { encodePdu, KMS_INTERFACE, NDR32 } from '../../../protocol';
import { clientFragments } from './fragments';
import { alterOf, bindOf, callOf, contextOf, type Lab, NDR32_CONTEXT, requestOf } from './lab';

const UNKNOWN_SYNTAX = { uuid: '6b6d7373-7065-4063-9001-73796e746178', version: 1 };
const call = callOf(requestOf(1));
const MIB = 1 << 20;

function talk(lab: Lab, segments: readonly Uint8Array[]): string[] {
  const connection = lab.associate();
  for (const segment of segments) connection.send(segment);
  connection.leave();
  return connection.log;
}

const bindWithCredentials = encodePdu({
  kind: 'bind',
  header: { callId: 2 },
  body: { maxXmitFrag: 5840, maxRecvFrag: 5840, contexts: [NDR32_CONTEXT] },
  authTrailer: Uint8Array.of(10, 2, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4),
});

function withTrailing(count: number): Uint8Array {
  const stub = Buffer.concat([call.subarray(24), new Uint8Array(count)]);
  return callOf(requestOf(1), { body: { stub } });
}

/** What associations share, contexts that are added, calls that come together or never end. */
export const ASSOCIATION_PROBES: Readonly<Record<string, (lab: Lab) => string[]>> = {
  syntaxes: (lab) => talk(lab, [bindOf([contextOf(0, [UNKNOWN_SYNTAX, NDR32], KMS_INTERFACE)]), call]),
  addedContexts: (lab) => talk(lab, [bindOf([NDR32_CONTEXT]), alterOf([contextOf(1, [NDR32])]), call]),
  credentials: (lab) => talk(lab, [bindWithCredentials, call]),
  contextsOfOthers: (lab) => [
    ...talk(lab, [bindOf([contextOf(21, [NDR32])])]),
    ...talk(lab, [bindOf([NDR32_CONTEXT]), callOf(requestOf(1), { contextId: 21 })]),
  ],
  together: (lab) => {
    const calls = [7, 8, 9].map((callId) => callOf(requestOf(1), { header: { callId } }));
    return talk(lab, [bindOf([NDR32_CONTEXT]), Buffer.concat(calls)]);
  },
  orphaned: (lab) =>
    talk(lab, [
      bindOf([NDR32_CONTEXT]),
      encodePdu({ kind: 'orphaned', header: { callId: 9 }, body: {} }),
      call,
    ]),
  trailing: (lab) => talk(lab, [bindOf([NDR32_CONTEXT]), withTrailing(7)]),
  longCall: (lab) => talk(lab, [bindOf([NDR32_CONTEXT]), withTrailing(1200)]),
  unfinished: (lab) => {
    const [first, ...later] = clientFragments(requestOf(1), 128);
    const flood = Array.from({ length: (9 * MIB) / 128 }, () => later[0]!);
    const third = Math.ceil(flood.length / 3);
    return [0, 1, 2].flatMap((i) =>
      talk(lab, [
        bindOf([NDR32_CONTEXT]),
        Buffer.concat([first!, ...flood.slice(i * third, (i + 1) * third)]),
      ]),
    );
  },
};
