import { encodePdu } from '../protocol';
import { hostileInput } from './hostile-input';
import { machine, type Provocation } from './requirement';

const few = { adds: 20 } as const;

const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1');

const TLS_CLIENT_HELLO = Buffer.from(
  '16030100310100002d0303000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f0000040005000a01000000',
  'hex',
);

/** A PDU cut off after every length from 1 to one less than its whole. */
function cutOff(what: string, pdu: Uint8Array, bound: boolean): Provocation[] {
  return Array.from({ length: pdu.length - 1 }, (_, i) => ({
    what: `${what} cut off after ${i + 1} of ${pdu.length} bytes`,
    writes: [pdu.subarray(0, i + 1)],
    bound,
  }));
}

/** A PDU of that type with a body of eight zero bytes. */
const bare = (ptype: number): Uint8Array =>
  encodePdu({ kind: 'unknown', header: { ptype }, body: { content: new Uint8Array(8) } });

function withU16(pdu: Uint8Array, offset: number, value: number): Uint8Array {
  const changed = Uint8Array.from(pdu);
  changed[offset] = value & 0xff;
  changed[offset + 1] = value >>> 8;
  return changed;
}

describe('bytes that are no PDU', () => {
  // Greetings of other protocols, random bytes, and nothing at all.
  hostileInput('ROB-01', few, async ({ connections, random }) => {
    const noise = [1, 16, 100, 1000, 10_000].map((length) => ({
      what: `${length} random bytes`,
      writes: [random.bytes(length)],
    }));
    await connections.provoke([
      { what: 'nothing at all and a close', writes: [] },
      { what: 'an HTTP request', writes: [ascii('GET / HTTP/1.1\r\nHost: kms.example.test\r\n\r\n')] },
      { what: 'a TLS greeting', writes: [TLS_CLIENT_HELLO] },
      ...noise,
      { what: 'random bytes behind a bind', writes: [random.bytes(400)], bound: true },
    ]);
  });

  hostileInput('ROB-02', few, async ({ connections, rpc }) => {
    await connections.provoke(cutOff('a bind', rpc.bindPdu(), false));
    await connections.provoke(cutOff('a request', rpc.requestPdu(machine()), true));
  });

  // Headers whose lengths lie, and every PTYPE.
  hostileInput('ROB-03', few, async ({ connections, rpc }) => {
    const request = rpc.requestPdu(machine());
    const bind = rpc.bindPdu();
    const ptypes = Array.from({ length: 256 }, (_, ptype) => ptype);
    const fragLength = 8;
    const authLength = 10;
    await connections.provoke([
      ...[0, 15, 16, 65_535].flatMap((length) => [
        { what: `a bind with frag_length ${length}`, writes: [withU16(bind, fragLength, length)] },
        {
          what: `a request with frag_length ${length}`,
          writes: [withU16(request, fragLength, length)],
          bound: true,
        },
      ]),
      ...[1, 100, 65_535].flatMap((length) => [
        { what: `a bind with auth_length ${length}`, writes: [withU16(bind, authLength, length)] },
        {
          what: `a request with auth_length ${length}`,
          writes: [withU16(request, authLength, length)],
          bound: true,
        },
      ]),
      ...ptypes.map((ptype) => ({ what: `PTYPE ${ptype} before a bind`, writes: [bare(ptype)] })),
      ...ptypes.map((ptype) => ({ what: `PTYPE ${ptype} after a bind`, writes: [bare(ptype)], bound: true })),
    ]);
  });
});
