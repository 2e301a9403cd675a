import { BIND_NAK_REASONS, encodePdu, NDR64, PTYPE, type PduInput, type PduOf } from '../../../protocol';
import { bindAck } from '../../client/testing/scripted-host';
import { header, type HostBehaviour, toBind } from './behaviour';

const faultTo = ({ header: { callId } }: PduOf<'bind'>): PduInput => ({
  kind: 'fault',
  header: { callId },
  body: { contextId: 0, reserved: 0, status: 0x1c01000b, stub: new Uint8Array(0) },
});

/** How binds are answered wrongly. */
export const BIND_BEHAVIOURS: readonly HostBehaviour[] = [
  {
    name: 'answers the bind with a response',
    script: toBind(() => header(PTYPE.response, 1, 24)),
    client: { kind: 'unexpected-pdu', stage: 'bind' },
  },
  {
    name: 'answers the bind with a fault',
    script: toBind(faultTo),
    client: { kind: 'unexpected-pdu', stage: 'bind', message: /fault/ },
  },
  {
    name: 'answers the bind with a bind',
    script: toBind((bind) => encodePdu(bind)),
    client: { kind: 'unexpected-pdu', stage: 'bind' },
  },
  {
    name: 'answers the bind with an alter_context_resp',
    script: toBind((_, good) => {
      good[2] = PTYPE.alterContextResp;
      return good;
    }),
    client: { kind: 'unexpected-pdu', stage: 'bind' },
  },
  {
    name: 'answers the bind of another call',
    script: toBind((bind) => ({ ...bindAck(bind), header: { callId: 5 } })),
    client: { kind: 'unexpected-pdu', stage: 'bind' },
  },
  {
    name: 'answers fewer contexts than were offered',
    script: toBind((bind) =>
      bindAck({ ...bind, body: { ...bind.body, contexts: bind.body.contexts.slice(1) } }),
    ),
    client: { kind: 'garbage', stage: 'bind', message: /2/ },
  },
  {
    name: 'answers more contexts than were offered',
    script: toBind((bind) =>
      bindAck({ ...bind, body: { ...bind.body, contexts: [...bind.body.contexts, ...bind.body.contexts] } }),
    ),
    client: { kind: 'garbage', stage: 'bind' },
  },
  {
    name: 'claims more results than there are',
    script: toBind((_, good) => {
      good[32] = 255;
      return good;
    }),
    client: { kind: 'garbage', stage: 'bind', message: /results\[3\].result at offset 108 of the PDU/ },
  },
  {
    name: 'claims a secondary address of 65535 bytes',
    script: toBind((_, good) => {
      good.writeUInt16LE(0xffff, 24);
      return good;
    }),
    client: {
      kind: 'garbage',
      stage: 'bind',
      message: /secondaryAddress at offset 26 of the PDU: expected 65535/,
    },
  },
  {
    name: 'ends its bind_ack behind the header',
    script: toBind(() => header(PTYPE.bindAck)),
    client: { kind: 'garbage', stage: 'bind', message: /maxXmitFrag at offset 16 of the PDU/ },
  },
  {
    name: 'accepts no context',
    script: toBind((_, good) => {
      for (const at of [36, 60, 84]) good.writeUInt32LE(0x00020002, at);
      return good;
    }),
    client: { kind: 'rejected', stage: 'bind', message: /no presentation context/ },
  },
  {
    name: 'accepts contexts in a syntax of its own',
    script: toBind((bind) => {
      const results = bind.body.contexts.map(() => ({
        result: 0,
        reason: 0,
        transferSyntax: { uuid: '12345678-1234-1234-1234-123456789abc', version: 9 },
      }));
      const good = bindAck(bind);
      return { ...good, body: { ...good.body, results } } as PduInput;
    }),
    client: { kind: 'rejected', stage: 'bind', message: /no presentation context/ },
  },
  {
    name: 'takes fragments of 0 bytes only',
    script: toBind((_, good) => {
      good.writeUInt32LE(0, 16);
      return good;
    }),
    client: { kind: 'timed-out', stage: 'answer' },
  },
  ...Object.entries(BIND_NAK_REASONS).map(
    ([reason, name]): HostBehaviour => ({
      name: `sends bind_nak: ${name}`,
      script: toBind(({ header: { callId } }) => ({
        kind: 'bindNak',
        header: { callId },
        body: { reason: Number(reason), versions: [] },
      })),
      client: { kind: 'rejected', stage: 'bind', message: new RegExp(`bind_nak: ${name}`) },
    }),
  ),
  {
    name: 'sends bind_nak with a reason that nobody knows',
    script: toBind(({ header: { callId } }) => ({
      kind: 'bindNak',
      header: { callId },
      body: { reason: 4711, versions: [{ major: 255, minor: 255 }] },
    })),
    client: { kind: 'rejected', stage: 'bind', message: /reason 4711/ },
  },
];

/** NDR64 with lengths that no memory holds. */
export const NDR64_ACK = (bind: PduOf<'bind'>): PduInput => {
  const good = bindAck(bind);
  const results = bind.body.contexts.map(({ transferSyntaxes: [syntax] }) =>
    syntax?.uuid === NDR64.uuid
      ? { result: 0, reason: 0, transferSyntax: NDR64 }
      : {
          result: 2,
          reason: 2,
          transferSyntax: { uuid: '00000000-0000-0000-0000-000000000000', version: 0 },
        },
  );
  return { ...good, body: { ...good.body, results } } as PduInput;
};
