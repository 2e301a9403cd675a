import { type Relay, startRelay } from '../../harness/testing/relay';
import { decodePdu, encodePdu, fragment, Framer, type Pdu, type PduOf } from '../../protocol';

/** What goes to the client in place of a PDU of the host, and whether the connection ends behind it. */
export interface Passed {
  readonly writes: readonly Uint8Array[];
  readonly ends?: 'fin' | 'reset';
}

/** A way in which good hosts differ: none of them breaks a clause. */
export interface GoodHabit {
  /** Completes "a good host that …". */
  readonly name: string;
  readonly pass: (pdu: Uint8Array) => Passed;
  /** What a run tells of it, as `ID note`. */
  readonly notes?: readonly string[];
  /** How it answers a client's FIN; with its own where left out. */
  readonly closesBy?: 'reset';
  /** Closes a moment behind each answer: with FIN, or with RST where bytes of the client have come by then. */
  readonly closesBehindAnswers?: true;
  /** Where the host gives a connection up without an answer, keeps it and says nothing. */
  readonly keepsSilent?: true;
}

const asItIs = (pdu: Uint8Array): Passed => ({ writes: [pdu] });

/** Alters the PDUs of some kinds, and passes all others as they are. */
const altering =
  (alter: (pdu: Pdu, bytes: Uint8Array) => Passed | undefined) =>
  (bytes: Uint8Array): Passed =>
    alter(decodePdu(bytes), bytes) ?? asItIs(bytes);

const CLOSES_AFTER_FAULTS = [
  'RPC-12 closes after an opnum other than 0',
  'RPC-12 closes after a context_id that was not negotiated',
  'RPC-12 closes after a stub that is too short',
];

const isRejection = ({ result }: { readonly result: number }): boolean => result === 2;

export const GOOD_HABITS: readonly GoodHabit[] = [
  {
    name: 'closes after one answer',
    notes: [
      'RPC-11 closes after one answer',
      'RPC-28 leaves 2 of three calls in one segment unanswered',
      ...CLOSES_AFTER_FAULTS,
    ],
    pass: altering(({ kind }, bytes) =>
      kind === 'response' || kind === 'fault' ? { writes: [bytes], ends: 'fin' } : undefined,
    ),
  },
  {
    name: 'resets where more was on its way behind an answer',
    notes: ['RPC-11 closes after one answer', ...CLOSES_AFTER_FAULTS],
    pass: asItIs,
    closesBehindAnswers: true,
  },
  {
    name: 'keeps silent about what it cannot read, and the connection, for ever',
    pass: asItIs,
    keepsSilent: true,
  },
  {
    name: 'closes after a fault',
    notes: CLOSES_AFTER_FAULTS,
    pass: altering(({ kind }, bytes) => (kind === 'fault' ? { writes: [bytes], ends: 'fin' } : undefined)),
  },
  { name: 'answers a half-close with a reset', pass: asItIs, closesBy: 'reset' },
  {
    name: 'refuses an unknown interface with bind_nak',
    pass: altering((pdu) => {
      if (pdu.kind !== 'bindAck' || !pdu.body.results.every(isRejection)) return undefined;
      const { callId } = pdu.header;
      const versions = [{ major: 5, minor: 0 }];
      return {
        writes: [encodePdu({ kind: 'bindNak', header: { callId }, body: { reason: 0, versions } })],
        ends: 'fin',
      };
    }),
  },
  {
    name: 'knows no feature negotiation',
    pass: altering((pdu) => {
      if (pdu.kind !== 'bindAck') return undefined;
      const results = pdu.body.results.map((one) =>
        one.result === 3 ? { ...one, result: 2, reason: 2 } : one,
      );
      return { writes: [encodePdu({ ...pdu, body: { ...pdu.body, results } })] };
    }),
  },
  {
    name: 'adds extended error information to its faults',
    notes: ['RPC-22 adds extended error information to a fault'],
    pass: altering((pdu) => {
      if (pdu.kind !== 'fault') return undefined;
      const { status, contextId } = pdu.body;
      const body = { status, contextId, reserved: 1, stub: new Uint8Array(24) };
      return { writes: [encodePdu({ kind: 'fault', header: { callId: pdu.header.callId }, body })] };
    }),
  },
  {
    name: 'hints at no length of its answers',
    pass: altering((pdu) => {
      if (pdu.kind !== 'response') return undefined;
      return { writes: [encodePdu({ ...pdu, body: { ...pdu.body, allocHint: 0 } })] };
    }),
  },
  {
    name: 'sends its answers in fragments, and all in pieces',
    pass: (bytes) => {
      const pdu = decodePdu(bytes);
      const parts =
        pdu.kind === 'response' ? fragment(withoutLength(pdu), 60).map((one) => encodePdu(one)) : [bytes];
      return {
        writes: parts.flatMap((part) => [part.subarray(0, 9), part.subarray(9, 30), part.subarray(30)]),
      };
    },
  },
];

/** To be encoded anew: its frag_length and alloc_hint were those of the whole. */
const withoutLength = ({ header: { fragLength: _, ...header }, body }: PduOf<'response'>) =>
  ({
    kind: 'response',
    header,
    body: { contextId: body.contextId, cancelCount: body.cancelCount, stub: body.stub },
  }) as const;

/** Between an answer and the close behind it: a client that keeps its connection has sent more by then. */
const CLOSES_BEHIND_MS = 5;

/** Stands before a good host, so that it is good in another way. */
export function withHabit(habit: GoodHabit, hostPort: number): Promise<Relay> {
  return startRelay(hostPort, (client, host) => {
    const framer = new Framer();
    let over = false;
    let hasAnswered = false;
    const end = (how: 'fin' | 'reset' = 'fin'): void => {
      over = true;
      if (how === 'reset') client.resetAndDestroy();
      else client.destroySoon();
      host.destroy();
    };
    const giveUp = (how?: 'reset'): void => {
      const isClientDone = client.readableEnded || client.destroyed;
      if (!over && (habit.keepsSilent !== true || isClientDone)) end(how);
    };
    client.on('data', (bytes) => {
      if (habit.closesBehindAnswers === true && hasAnswered) end('reset');
      else if (!host.destroyed) host.write(bytes);
    });
    client.on('end', () => {
      if (habit.closesBy === 'reset') end('reset');
      else if (host.destroyed) end();
      else host.end();
    });
    client.on('close', () => host.destroy());
    host.on('data', (bytes) => {
      for (const pdu of framer.push(bytes)) {
        if (over) return;
        const { writes, ends } = habit.pass(pdu);
        for (const piece of writes) client.write(piece);
        if (habit.closesBehindAnswers === true && isAnswer(pdu)) {
          hasAnswered = true;
          setTimeout(() => over || end(), CLOSES_BEHIND_MS);
        }
        if (ends !== undefined) end(ends);
      }
    });
    host.on('end', () => giveUp());
    host.on('close', () => giveUp('reset'));
  });
}

const isAnswer = (pdu: Uint8Array): boolean => ['response', 'fault'].includes(decodePdu(pdu).kind);
