import { encodePdu, encodeRequestStub, PFC, stubEncoding } from '../../../../protocol';
import type { FuzzCase, RawStep } from '../../../cases/case';
import { alterPdu, ask, bindPdu, call, conversation, range, stream, together } from './scripted';

const start = (machine: number, callId: number): Uint8Array => part(machine, callId, PFC.firstFrag, 0, 128);
const middle = (machine: number, callId: number): Uint8Array => part(machine, callId, 0, 128, 200);
const end = (machine: number, callId: number): Uint8Array => part(machine, callId, PFC.lastFrag, 200, 260);

function part(machine: number, callId: number, pfcFlags: number, from: number, to: number): Uint8Array {
  const whole = call(machine);
  return encodePdu({
    kind: 'request',
    header: { callId, pfcFlags },
    body: { contextId: 0, opnum: 0, stub: whole.subarray(24 + from, 24 + to) },
  });
}

const other = (kind: 'orphaned' | 'coCancel' | 'shutdown', callId: number): Uint8Array =>
  encodePdu({ kind, header: { callId }, body: {} });
const empty = (callId: number): Uint8Array => part(0, callId, 0, 0, 0);
const long = encodeRequestStub({ message: Buffer.alloc(2000) }, stubEncoding('ndr32'));
const bound = (pdus: readonly Uint8Array[]): FuzzCase => conversation([stream([bindPdu(), ...pdus]), ask(5)]);
const boundAtOnce = (pdus: readonly Uint8Array[]): FuzzCase =>
  conversation([stream([bindPdu(), Buffer.concat(pdus)]), ask(5)]);

/** Calls in pieces, several in one read, calls that end otherwise. */
const PIECES: readonly FuzzCase[] = [
  bound([start(0, 1), middle(0, 1), end(0, 1), call(1)]),
  bound([start(0, 1), end(0, 1), call(1)]),
  bound([start(0, 1), call(1)]),
  bound([end(0, 1), call(1)]),
  bound([middle(0, 1), call(1)]),
  bound([start(0, 1), start(1, 2), end(0, 1), end(1, 2), call(2)]),
  bound([start(0, 1), middle(1, 2), end(0, 1), call(2)]),
  bound([start(0, 1), empty(1), middle(0, 1), end(0, 1), call(1)]),
  bound([start(0, 1), other('orphaned', 1), call(1), call(2)]),
  bound([start(0, 1), other('coCancel', 1), middle(0, 1), end(0, 1), call(1)]),
  bound([other('orphaned', 9), call(0), call(1)]),
  bound([other('coCancel', 9), call(0), call(1)]),
  bound([other('shutdown', 0), call(0)]),
  bound([call(0), start(1, 2)]),
  bound([call(0), call(1).subarray(0, 100)]),
  bound([call(0, { stub: long }), call(1)]),
  bound(fragmentsOf(long).concat([call(1)])),
  bound(
    range(0, 40)
      .map(() => middle(0, 1))
      .concat([call(1)]),
  ),
  bound([start(0, 1), ...range(0, 40).map(() => middle(0, 1)), call(1)]),
  boundAtOnce([call(0), call(1)]),
  boundAtOnce([call(0), call(1), call(2), call(0)]),
  boundAtOnce([call(0), call(1, { opnum: 7 }), call(2)]),
  boundAtOnce([start(0, 1), middle(0, 1), end(0, 1), call(1)]),
  conversation([together([bindPdu(), call(0)]), ask(5)]),
  conversation([together([bindPdu(), alterPdu(), call(0), call(1)]), ask(5)]),
  bound([call(0, { opnum: 1 }), call(1), call(2)]),
  bound([call(0, { contextId: 9 }), call(1), call(2)]),
  bound([call(0, { message: Buffer.alloc(10) }), call(1), call(2)]),
];

function fragmentsOf(stub: Uint8Array): Uint8Array[] {
  return range(0, 3).map((at) =>
    encodePdu({
      kind: 'request',
      header: { callId: 1, pfcFlags: (at === 0 ? PFC.firstFrag : 0) | (at === 3 ? PFC.lastFrag : 0) },
      body: {
        contextId: 0,
        opnum: 0,
        stub: stub.subarray(at * 504, at === 3 ? stub.length : (at + 1) * 504),
      },
    }),
  );
}

/** What a client may be in the middle of, on a connection of its own, while another asks. */
const MEANWHILE: readonly FuzzCase[] = [
  [bindPdu().subarray(0, 10)],
  [bindPdu().subarray(0, 40)],
  [bindPdu()],
  [bindPdu(), call(0).subarray(0, 10)],
  [bindPdu(), call(0).subarray(0, 100)],
  [bindPdu(), start(0, 1)],
].map((pdus) => conversation([{ ...stream(pdus), held: true }, ask(1, { on: 1 }), ask(2, { on: 2 })]));

/** Of 4 KiB: just what a file of a difference may hold. */
const ENDLESS_PARTS = 240;
/** A call that never ends. */
const ENDLESS: readonly FuzzCase[] = [conversation([endless(40), ask(5)])];

/** So much of several that a host must not keep all of it. */
export const MUCH_ENDLESS: readonly FuzzCase[] = [
  conversation([...range(0, 9).map(() => endless(ENDLESS_PARTS)), ask(5)]),
];

function endless(parts: number): RawStep {
  const header = { callId: 1, pfcFlags: 0 };
  const body = { contextId: 0, opnum: 0, stub: Buffer.alloc(4096) };
  const middles = range(1, parts).map(() => encodePdu({ kind: 'request', header, body }));
  return {
    ...together([bindPdu(), start(0, 1), ...middles]),
    what: `${4 * parts} KiB of a call that never ends`,
  };
}

/** Calls in fragments, and what comes of those that are cut off. */
export const FRAGMENTS: readonly FuzzCase[] = [...PIECES, ...MEANWHILE, ...ENDLESS];
