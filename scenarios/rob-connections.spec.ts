import { everyHostileInput, hostileInput } from './hostile-input';
import { machine, machines, requirement } from './requirement';

const few = { adds: 20 } as const;

const half = (pdu: Uint8Array): Uint8Array => pdu.subarray(0, pdu.length >> 1);

describe('connections that break off', () => {
  // Resets and half-closes in the middle of a bind, and of a request.
  hostileInput('ROB-12', few, async ({ connections, rpc }) => {
    const request = rpc.requestPdu(machine());
    const bind = rpc.bindPdu();
    await connections.provoke([
      { what: 'a reset in the middle of a bind', writes: [half(bind)], end: 'reset' },
      { what: 'a reset behind a bind', writes: [bind], end: 'reset' },
      { what: 'a reset in the middle of a request', writes: [half(request)], bound: true, end: 'reset' },
      { what: 'a half-close in the middle of a bind', writes: [half(bind)] },
      { what: 'a half-close behind a bind', writes: [bind] },
      { what: 'a half-close in the middle of a request', writes: [half(request)], bound: true },
    ]);
    await connections.resetBeforeTheResponse(machine());
    await connections.halfCloseBehindTheRequest(machine());
  });

  hostileInput('ROB-13', few, ({ connections }) =>
    connections.provoke(
      Array.from({ length: 1000 }, (_, i) => ({ what: `connection ${i + 1} without a byte`, writes: [] })),
    ),
  );
});

describe('hostile input of every kind', () => {
  requirement('ROB-14', { reset: true, fresh: true, adds: 2000 }, async ({ host }) => {
    for (let i = 0; i < 5; i++) await host.activateAll(machines(2000));
    for (const send of everyHostileInput()) {
      await send(host);
      await host.stillServes();
    }
  });
});
