import { REQUEST_SIZE } from '../protocol';
import type { HostUnderTest } from './host/host-under-test';
import { hostileRequests } from './hostile-input';
import { type Input, machine } from './requirement';

const few = { adds: 20 } as const;

/** A request of that many octets: cut off, or with zeros behind it. */
function ofLength(host: HostUnderTest, length: number): Input {
  const what = `a request message of ${length === 1 ? '1 octet' : `${length} octets`}`;
  const send = () => {
    const asking = machine();
    const message = new Uint8Array(length);
    message.set(host.machines.messageOf(asking).subarray(0, length));
    return host.attemptMessage(asking, message, what);
  };
  return { what, send };
}

/** Requests that are as a client sends them but for the fields given. */
const requestsWith = (
  host: HostUnderTest,
  variations: readonly Parameters<HostUnderTest['attempt']>[1][],
): Input[] =>
  variations.map((changes) => ({
    what: `a request with ${host.machines.changesInWords(changes ?? {})}`,
    send: () => host.attempt(machine(), changes),
  }));

describe('request messages that no client sends', () => {
  hostileRequests('ROB-07', { ...few, place: 'refusals', requests: 270 }, (host) => {
    const shorter = Array.from({ length: REQUEST_SIZE }, (_, length) => length);
    return [...shorter, ...[1, 8, 4000].map((more) => REQUEST_SIZE + more)].map((length) =>
      ofLength(host, length),
    );
  });

  hostileRequests('ROB-08', { ...few, place: 'refusals' }, (host) =>
    requestsWith(host, [
      { majorVersion: 0, minorVersion: 0 },
      { majorVersion: 3, minorVersion: 0 },
      { majorVersion: 4, minorVersion: 1 },
      { majorVersion: 7, minorVersion: 0 },
      { majorVersion: 65_535, minorVersion: 65_535 },
    ]),
  );

  hostileRequests('ROB-09', few, (host) => {
    const endless = new Uint8Array(128).fill(0x41);
    const names = [endless, 'a\ud800b', '\udc00', '\ud800'.repeat(63), '\x01\x07\x1b[2J\n\r'];
    return requestsWith(
      host,
      names.map((workstationName) => ({ workstationName })),
    );
  });

  // An N_Policy raises the capacity for good, so this is only for a host that can be reset.
  hostileRequests('ROB-10', { reset: true, fresh: true, adds: 10 }, (host) =>
    requestsWith(
      host,
      [0, 1, 1000, 1001, 0x80000000, 0xffffffff].map((requiredClientCount) => ({ requiredClientCount })),
    ),
  );

  hostileRequests('ROB-11', few, (host) =>
    requestsWith(
      host,
      [0n, 2n ** 63n - 1n, 2n ** 64n - 1n].map((requestTime) => ({ requestTime })),
    ),
  );
});
