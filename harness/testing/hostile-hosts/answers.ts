import { FAULT, FAULT_EXTENDED_ERROR, PTYPE } from '../../../protocol';
import { afterRequest, altered, header, type HostBehaviour, silence, toEachRequest } from './behaviour';
import { NDR64_ACK } from './bindings';

/** How PDUs behind the bind lie. */
export const ANSWER_BEHAVIOURS: readonly HostBehaviour[] = [
  {
    name: 'claims a PDU of 0 bytes',
    script: altered(8, 0, 0),
    client: { kind: 'garbage', stage: 'answer', message: /fragLength/ },
  },
  {
    name: 'claims a PDU of 15 bytes',
    script: altered(8, 15, 0),
    client: { kind: 'garbage', stage: 'answer', message: /fragLength/ },
  },
  {
    name: 'claims a PDU of 16 bytes',
    script: altered(8, 16, 0),
    client: {
      kind: 'garbage',
      stage: 'answer',
      message: /allocHint at offset 16 of the PDU: expected 4 bytes, found 0/,
    },
  },
  {
    name: 'claims a PDU of 65535 bytes',
    script: altered(8, 0xff, 0xff),
    client: { kind: 'timed-out', stage: 'answer', message: /sent 200 octets of a PDU/ },
  },
  {
    name: 'claims an auth_length beyond the PDU',
    script: altered(10, 0xff, 0xff),
    client: { kind: 'garbage', stage: 'answer', message: /authLength/ },
  },
  {
    name: 'answers another call',
    script: altered(12, 99),
    client: {
      kind: 'unexpected-pdu',
      stage: 'answer',
      message: /response with call_id 0x63 instead of .* call_id 0x/,
    },
  },
  {
    name: 'answers with a request',
    script: altered(2, PTYPE.request),
    client: { kind: 'unexpected-pdu', stage: 'answer' },
  },
  {
    name: 'answers with an unknown ptype',
    script: altered(2, 77),
    client: { kind: 'unexpected-pdu', stage: 'answer', message: /ptype 77/ },
  },
  {
    name: 'calls its little-endian answer big-endian',
    script: altered(4, 0),
    // Its 200 bytes then read as 51,200.
    client: { kind: 'timed-out', stage: 'answer', message: /sent 200 octets of a PDU/ },
  },
  {
    name: 'sends shutdown instead of an answer',
    script: afterRequest((peer) => peer.send(header(PTYPE.shutdown))),
    client: { kind: 'unexpected-pdu', stage: 'answer', message: /shutdown/ },
  },
  {
    name: 'sends co_cancel',
    script: afterRequest((peer) => peer.send(header(PTYPE.coCancel))),
    client: { kind: 'unexpected-pdu', stage: 'answer' },
  },
  {
    name: 'sends orphaned',
    script: afterRequest((peer) => peer.send(header(PTYPE.orphaned))),
    client: { kind: 'unexpected-pdu', stage: 'answer' },
  },
  {
    name: 'sends fragments without end',
    script: afterRequest((peer, answer) => {
      answer[3] = 1;
      peer.send(answer);
      answer[3] = 0;
      const many = Buffer.concat(Array.from({ length: 500 }, () => answer));
      for (let i = 0; i < 100 && !peer.socket.destroyed; i++) peer.send(many);
    }),
    client: { kind: 'garbage', stage: 'answer', message: /expected stubs of at most 1048576 bytes/ },
  },
  {
    name: 'sends a first fragment and no more',
    script: afterRequest(async (peer, answer) => {
      answer[3] = 1;
      peer.send(answer);
      await silence(peer);
    }),
    client: { kind: 'timed-out', stage: 'answer' },
  },
  {
    name: 'sends a later fragment first',
    script: altered(3, 2),
    client: { kind: 'garbage', stage: 'answer', message: /fragments that do not join/ },
  },
  {
    name: 'sends two first fragments',
    script: afterRequest((peer, answer) => {
      answer[3] = 1;
      peer.send(Buffer.concat([answer, answer]));
    }),
    client: { kind: 'garbage', stage: 'answer', message: /fragments that do not join/ },
  },
  {
    name: 'answers with a response without a stub',
    script: toEachRequest((peer, _, { header: { callId } }) => peer.send(header(PTYPE.response, callId, 24))),
    client: { answer: 'malformed', path: /^stub/ },
  },
  {
    name: 'announces 2^32-1 bytes in alloc_hint',
    script: altered(16, 0xff, 0xff, 0xff, 0xff),
    client: { answer: 'response' },
  },
  {
    name: 'accepts NDR64 and announces 2^63 bytes',
    script: async (peer) => {
      const bind = await peer.next();
      if (bind?.kind !== 'bind') return;
      peer.send(NDR64_ACK(bind));
      const call = await peer.next();
      if (call?.kind !== 'request') return;
      const stub = Buffer.alloc(200);
      stub.writeBigUInt64LE(1n << 63n, 0);
      stub.writeBigUInt64LE(0x20000n, 8);
      stub.writeBigUInt64LE(1n << 63n, 16);
      const { callId } = call.header;
      peer.send({ kind: 'response', header: { callId }, body: { contextId: call.body.contextId, stub } });
      await silence(peer);
    },
    client: { answer: 'malformed', path: /^stub/ },
  },
  ...([...Object.entries(FAULT), ['of no known name', 0xdeadbeef]] as [string, number][]).map(
    ([name, status]): HostBehaviour => ({
      name: `answers with fault ${name}`,
      script: toEachRequest((peer, _, { header: { callId } }) => {
        const body = { contextId: 0, reserved: 0, status, stub: new Uint8Array(0) };
        peer.send({ kind: 'fault', header: { callId }, body });
      }),
      client: { answer: 'fault' },
    }),
  ),
  {
    name: 'answers with a fault and extended error information',
    script: toEachRequest((peer, _, { header: { callId } }) => {
      const stub = Buffer.alloc(40, 7);
      const body = { contextId: 0, reserved: FAULT_EXTENDED_ERROR, status: 0x1c01000b, stub };
      peer.send({ kind: 'fault', header: { callId }, body });
    }),
    client: { answer: 'fault' },
  },
];
