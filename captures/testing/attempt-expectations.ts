import type { FieldExpectation } from './field-expectations';

const MADE = 'by hand: what fails takes seconds, and other machines';
const NOT_OFFERED = '0xc004f042';

/** The outcomes of attempts, by what the capture is called behind `fail-`. */
const FAILURES: Readonly<Record<string, readonly string[]>> = {
  'syn-unanswered': ['syn-unanswered'],
  refused: ['refused'],
  'refused-ipv6': ['refused'],
  unreachable: ['unreachable'],
  probe: ['probe'],
  silent: ['silent'],
  'other-port': ['refused'],
  'syn-seen-twice': ['syn-unanswered'],
  'closed-before-bind': ['closed'],
  'reset-before-bind': ['reset'],
  'closed-after-bind': ['closed'],
  'reset-after-bind': ['reset'],
  'bind-unanswered': ['bind-unanswered'],
  'bind-nak-0': ['bind-nak'],
  'bind-nak-1': ['bind-nak'],
  'bind-nak-2': ['bind-nak'],
  'bind-nak-4': ['bind-nak'],
  'context-refused': ['context-refused'],
  'no-srv-record': ['no-srv-record'],
  'lookup-failed': ['lookup-failed'],
  'lookup-unanswered': ['lookup-unanswered'],
  'not-rpc': ['not-rpc'],
  'other-rpc': ['other-rpc'],
  'other-rpc-without-bind': ['other-rpc'],
};

/** Captures in which the request came to the host. */
const ASKED: Readonly<Record<string, { readonly answer: string; readonly attempts: readonly string[] }>> = {
  fault: { answer: 'fault 0x1c010002', attempts: ['fault'] },
  'no-answer': { answer: 'none', attempts: ['no-answer'] },
  'reset-after-request': { answer: 'none', attempts: ['reset'] },
  cut: { answer: 'none', attempts: ['cut'] },
  'count-too-low': { answer: '0xc004f038', attempts: [] },
  clock: { answer: '0xc004f06c', attempts: [] },
};

/** Without a connection to the port of KMS there is nothing that the anonymiser could write. */
const NOTHING_TO_WRITE: ReadonlySet<string> = new Set([
  'no-srv-record',
  'lookup-failed',
  'lookup-unanswered',
  'other-port',
]);

const OTHER_CALL = {
  exchanges: 1,
  answered: 1,
  reason: 'tshark lists calls of any interface; this one has an opnum that KMS has not',
};

/** Activations that fail, each in its own way; and requests that are seen twice. */
export const ATTEMPT_FIELD: readonly FieldExpectation[] = [
  ...Object.entries(FAILURES).map(
    ([name, attempts]): FieldExpectation => ({
      file: `fail-${name}.pcap`,
      made: MADE,
      answers: [],
      attempts,
      ...(NOTHING_TO_WRITE.has(name) ? { refused: 'no-kms' } : {}),
      ...(name === 'other-rpc-without-bind' ? { tshark: OTHER_CALL } : {}),
    }),
  ),
  {
    file: 'fail-unread.pcap',
    made: MADE,
    answers: [],
    attempts: ['unread'],
    warnings: ['cut by the snap length'],
  },
  ...Object.entries(ASKED).map(
    ([name, { answer, attempts }]): FieldExpectation => ({
      file: `fail-${name}.pcap`,
      made: MADE,
      answers: [answer],
      attempts,
    }),
  ),
  ...['nat', 'balancer', 'nat-three-places'].map(
    (name): FieldExpectation => ({
      file: `twice-${name}.pcap`,
      made: 'by hand: the machine has no second side',
      answers: [NOT_OFFERED],
      tshark: {
        exchanges: name === 'nat-three-places' ? 3 : 2,
        answered: name === 'nat-three-places' ? 3 : 2,
        reason: 'tshark tells each connection by itself; the request is one',
      },
    }),
  ),
  {
    file: 'twice-span-port.pcap',
    made: 'by hand: the machine has no span port',
    answers: [NOT_OFFERED, NOT_OFFERED],
  },
  {
    file: 'twice-in-turn.pcap',
    made: 'by hand: no client says the same again',
    answers: [NOT_OFFERED, NOT_OFFERED],
  },
];
