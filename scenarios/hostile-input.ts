import {
  brokenFragments,
  brokenOff,
  cutOff,
  foreignGreetings,
  lyingHeaders,
  overcountedBinds,
} from '../harness/runner/host/hostile-pdus';
import { lyingStubs } from '../harness/runner/host/lying-stubs';
import { machine, type ScenarioContext } from './requirement';

type Host = ScenarioContext['host'];

/** The kinds of hostile input, each as the clause of the same id in the ROB suite has it. */
export const hostileInput = {
  'ROB-01': (host: Host) => host.provoke(foreignGreetings(host.random)),

  'ROB-02': async (host: Host) => {
    await host.provoke(cutOff('a bind', host.bindPdu(), false));
    await host.provoke(cutOff('a request', host.requestPdu(machine()), true));
  },

  'ROB-03': (host: Host) => host.provoke(lyingHeaders(host.requestPdu(machine()))),

  'ROB-04': (host: Host) => host.provoke(brokenFragments(host.requestCall(machine()))),

  'ROB-05': (host: Host) => host.provoke(overcountedBinds()),

  'ROB-06': async (host: Host) => {
    const sizes = [0n, 1n, 0x80000000n, 0xffffffffn];
    const pairs = sizes.flatMap((size) => [...sizes, 252n].map((count) => [size, count] as const));
    for (const [size, count] of pairs) {
      const what = `a stub of size ${size} and count ${count}`;
      await host.attemptStub(machine(), lyingStubs.withLengths(size, count), what);
    }
  },

  'ROB-07': async (host: Host) => {
    for (let length = 0; length < 252; length++) {
      const asking = machine();
      const cut = host.messageOf(asking).subarray(0, length);
      await host.attemptMessage(asking, cut, `a request message of ${length} bytes`);
    }
    for (const more of [1, 8, 4000]) {
      const asking = machine();
      const longer = Buffer.concat([host.messageOf(asking), new Uint8Array(more)]);
      await host.attemptMessage(asking, longer, `a request message of ${252 + more} bytes`);
    }
  },

  'ROB-08': async (host: Host) => {
    for (const [majorVersion, minorVersion] of [
      [0, 0],
      [3, 0],
      [4, 1],
      [7, 0],
      [65_535, 65_535],
    ] as const) {
      await host.attempt(machine(), { majorVersion, minorVersion });
    }
  },

  'ROB-09': async (host: Host) => {
    const endless = new Uint8Array(128).fill(0x41);
    for (const workstationName of [
      endless,
      'a\ud800b',
      '\udc00',
      '\ud800'.repeat(63),
      '\x01\x07\x1b[2J\n\r',
    ]) {
      await host.attempt(machine(), { workstationName });
    }
  },

  'ROB-10': async (host: Host) => {
    for (const requiredClientCount of [0, 1, 1000, 1001, 0x80000000, 0xffffffff]) {
      await host.attempt(machine(), { requiredClientCount });
    }
  },

  'ROB-11': async (host: Host) => {
    for (const requestTime of [0n, 2n ** 63n - 1n, 2n ** 64n - 1n]) {
      await host.attempt(machine(), { requestTime });
    }
  },

  'ROB-12': async (host: Host) => {
    await host.provoke(brokenOff(host.requestPdu(machine())));
    await host.resetBeforeTheResponse(machine());
    await host.halfCloseBehindTheRequest(machine());
  },

  'ROB-13': (host: Host) =>
    host.provoke(
      Array.from({ length: 1000 }, (_, i) => ({ what: `connection ${i + 1} without a byte`, writes: [] })),
    ),
} as const;
