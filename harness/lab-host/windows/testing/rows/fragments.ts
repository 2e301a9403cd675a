import { DENIED, DONE, PROTO } from '../conversation';
import { type Call, FLAG, goodStub, request, zeros } from '../octets';
import { family, type Play, type Rows } from '../row';

const FOUR_MIB = 0x400000;
const MOST_STUB = 5840 - 24;
const NEITHER = 0x00;

/** A call in which the good stub is followed by zeros, in the longest PDUs that there are. @param hint by what is left */
function* fragmentsOf(total: number, hint: (left: number) => number): Generator<Buffer> {
  const stub = goodStub();
  for (let at = 0; at < total; at += MOST_STUB) {
    const size = Math.min(MOST_STUB, total - at);
    const part = at === 0 ? [...stub, ...zeros(size - stub.length)] : zeros(size);
    const flags = (at === 0 ? FLAG.first : 0) | (at + size === total ? FLAG.last : 0);
    yield request({ flags, hint: hint(total - at), stub: part });
  }
}

const hints =
  (hint: number): Play =>
  async (talk) => {
    await talk.bound();
    await talk.callWorks({ hint });
  };

const fourMib =
  (hint: (left: number) => number): Play =>
  async (talk) => {
    await talk.bound();
    for (const fragment of fragmentsOf(FOUR_MIB, hint)) talk.send(fragment);
    await talk.granted();
    await talk.callWorks({ callId: 3 });
  };

/** FIRST twice for one call. */
const firstTwice =
  (flags: number): Play =>
  async (talk) => {
    await talk.bound();
    const first = request({ flags: FLAG.first | flags, stub: goodStub().slice(0, 64) });
    talk.send(first, first);
    await talk.isFaulted(PROTO, 1, DONE);
  };

const alone =
  (flags: number): Play =>
  async (talk) => {
    await talk.bound();
    talk.send(request({ flags, stub: goodStub().slice(0, 64) }));
    await talk.isFaulted(PROTO, 0, DONE);
  };

/** A good call in three fragments. */
export function thirds(call: Call = {}): [Buffer, Buffer, Buffer] {
  const stub = goodStub();
  const third = Math.ceil(stub.length / 3);
  const part = (i: number, flags: number): Buffer =>
    request({ ...call, flags, stub: stub.slice(i * third, (i + 1) * third) });
  return [part(0, FLAG.first), part(1, NEITHER), part(2, FLAG.last)];
}

export const HINTS: Rows = {
  ...family({ 'hint-ffffffff': 0xffffffff, 'hint-1': 1 }, hints),
  'stub-trailing-bytes': async (talk) => {
    await talk.bound();
    await talk.callWorks({ stub: [...goodStub(), 1, 2, 3, 4, 5, 6, 7] });
  },
};

export const FRAGMENTS: Rows = {
  'frag-split-stub': async (talk) => {
    await talk.bound();
    talk.send(...thirds());
    await talk.granted();
    await talk.callWorks({ callId: 3 });
  },
  ...family(
    {
      'frag-4mib-hint-true': (left: number) => left,
      'frag-4mib-hint-1mib': (left: number) => Math.max(0, 0x100000 - (FOUR_MIB - left)),
      'frag-4mib-hint-0': () => 0,
    },
    fourMib,
  ),
  'frag-hint-over-4mib': async (talk) => {
    await talk.bound();
    talk.send(request({ flags: FLAG.first, hint: FOUR_MIB + 1, stub: goodStub().slice(0, 64) }));
    await talk.isFaulted(DENIED, 1, DONE);
  },
  'frag-total-over-4mib': async (talk) => {
    await talk.bound();
    // The last that fits leaves the call open; one octet more ends it.
    for (const fragment of fragmentsOf(FOUR_MIB, () => 0)) {
      fragment[3] = fragment[3]! & ~FLAG.last;
      talk.send(fragment);
    }
    talk.send(request({ flags: NEITHER, hint: 0, stub: [0] }));
    await talk.isFaulted(DENIED, 1, DONE);
  },
  ...family(
    {
      'frag-first-twice': 0,
      'frag-first-twice-maybe': FLAG.maybe,
      'frag-first-twice-did-not-execute': FLAG.didNotExecute,
      'frag-first-twice-mpx': FLAG.mpx,
      'frag-first-twice-08': FLAG.bit08,
    },
    firstTwice,
  ),
  ...family({ 'frag-middle-alone': NEITHER, 'frag-last-alone': FLAG.last }, alone),
  'frag-two-calls-mixed': async (talk) => {
    await talk.bound();
    const stub = goodStub().slice(0, 64);
    talk.send(
      request({ flags: FLAG.first, callId: 50, stub }),
      request({ flags: FLAG.first, callId: 51, stub }),
    );
    await talk.faults(PROTO, 1, DONE, 50);
  },
};
