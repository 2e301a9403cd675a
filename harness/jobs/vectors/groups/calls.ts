import { PFC } from '../../../../protocol';
import { hexOf } from '../plain/lay-out';
import { layPdu } from '../plain/pdu';
import { BYTE_ORDERS, counted, MADE, orderInWords, type Unnumbered } from './made';

type CallVector = Unnumbered<'call'>;

interface Fragment {
  readonly callId: number;
  readonly flags: number;
  readonly stub: string;
}

const FIRST = PFC.firstFrag;
const LAST = PFC.lastFrag;
const WHOLE = FIRST | LAST;
const CONTEXT_ID = 1;

/** A stub cut into fragments of a size. */
function cutInto(size: number, stub: string, callId: number): Fragment[] {
  const count = Math.ceil(stub.length / 2 / size);
  return Array.from({ length: count }, (_, i) => ({
    callId,
    flags: (i === 0 ? FIRST : 0) | (i === count - 1 ? LAST : 0),
    stub: stub.slice(2 * i * size, 2 * (i + 1) * size),
  }));
}

interface Expected {
  readonly calls?: readonly [callId: number, fragmentCount: number, stub: string][];
  /** Which fragment is out of its order. */
  readonly at?: number;
}

const CASES: readonly [string, readonly Fragment[], Expected][] = [
  ...[1, 8, 100, 259].map((size): [string, Fragment[], Expected] => [
    `260 octets of stub in fragments of ${size}`,
    cutInto(size, counted(260), 7),
    { calls: [[7, Math.ceil(260 / size), counted(260)]] },
  ]),
  [
    'two calls, one after the other',
    [...cutInto(4, counted(8), 1), ...cutInto(3, counted(8, 9), 2)],
    {
      calls: [
        [1, 2, counted(8)],
        [2, 3, counted(8, 9)],
      ],
    },
  ],
  [
    'whole calls',
    [
      { callId: 1, flags: WHOLE, stub: '01' },
      { callId: 2, flags: WHOLE, stub: '' },
    ],
    {
      calls: [
        [1, 1, '01'],
        [2, 1, ''],
      ],
    },
  ],
  [
    'an empty fragment between',
    [
      { callId: 1, flags: FIRST, stub: '01' },
      { callId: 1, flags: 0, stub: '' },
      { callId: 1, flags: LAST, stub: '02' },
    ],
    { calls: [[1, 3, '0102']] },
  ],
  ['nothing but a first one: no call yet', [{ callId: 1, flags: FIRST, stub: '01' }], { calls: [] }],
  ['no first one', [{ callId: 1, flags: 0, stub: '01' }], { at: 0 }],
  ['a last one without a first', [{ callId: 1, flags: LAST, stub: '01' }], { at: 0 }],
  [
    'two first ones',
    [
      { callId: 1, flags: FIRST, stub: '01' },
      { callId: 1, flags: FIRST, stub: '02' },
    ],
    { at: 1 },
  ],
  [
    'a whole call within another',
    [
      { callId: 1, flags: FIRST, stub: '01' },
      { callId: 2, flags: WHOLE, stub: '02' },
    ],
    { at: 1 },
  ],
  [
    'a fragment of another call',
    [
      { callId: 1, flags: FIRST, stub: '01' },
      { callId: 2, flags: LAST, stub: '02' },
    ],
    { at: 1 },
  ],
  [
    'a whole call, then the middle of one',
    [
      { callId: 1, flags: WHOLE, stub: '01' },
      { callId: 1, flags: 0, stub: '02' },
    ],
    { calls: [[1, 1, '01']], at: 1 },
  ],
];

/** Fragments of one direction of a connection, joined, or told where one is out of its order. */
export function* calls(): Generator<CallVector> {
  for (const bigEndian of BYTE_ORDERS) {
    for (const kind of ['request', 'response'] as const) {
      for (const [comment, fragments, { calls: whole = [], at }] of CASES) {
        yield {
          comment: `${comment}; ${orderInWords(bigEndian)}`,
          source: MADE,
          of: kind,
          pdus: fragments.map(({ callId, flags, stub }) => {
            const body = { contextId: CONTEXT_ID, ...(kind === 'request' ? { opnum: 0 } : {}), stub };
            return hexOf(layPdu({ kind, bigEndian, header: { callId, pfcFlags: flags }, body }).octets);
          }),
          calls: whole.map(([callId, fragmentCount, stub]) => ({
            callId,
            contextId: CONTEXT_ID,
            fragmentCount,
            stub,
          })),
          error: at === undefined ? null : { at, code: 'bad-value', path: 'rpc.header.pfcFlags', offset: 3 },
        };
      }
    }
  }
}
