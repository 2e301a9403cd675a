import { DONE, NO_CALL, NOT_DONE, PROTO } from '../conversation';
import { coCancel, context, FLAG, NDR32, orphaned, request } from '../octets';
import { family, type Play, type Rows } from '../row';
import { thirds } from './fragments';

const flagged = (pdu: Buffer, flag: number): Buffer => {
  pdu[3] = pdu[3]! | flag;
  return pdu;
};

/** Cancel pending on the fragment of this place. */
const pendingOn =
  (place: 1 | 2): Play =>
  async (talk) => {
    await talk.bound();
    const fragments = thirds();
    flagged(fragments[place], FLAG.cancelOrSign);
    talk.send(...fragments);
    await talk.granted();
  };

/** A bare header for a call that is not there: nothing comes before the answer to the next call. */
const idle =
  (pdu: Buffer): Play =>
  async (talk) => {
    await talk.bound();
    talk.send(pdu);
    await talk.callWorks();
  };

/** The same in the middle of a call. */
const midCall =
  (pdu: Buffer, flags: number): Play =>
  async (talk) => {
    await talk.bound({ flags });
    const [first, ...rest] = thirds();
    talk.send(first, pdu, ...rest);
    await talk.granted();
    await talk.callWorks({ callId: 3 });
  };

const HIGH = 0xffff;

export const CANCELS: Rows = {
  'cancel-flag-on-first': async (talk) => {
    await talk.bound();
    talk.send(flagged(thirds()[0], FLAG.cancelOrSign));
    await talk.isFaulted(NO_CALL, 0, NOT_DONE);
  },
  ...family({ 'cancel-flag-on-middle': 1, 'cancel-flag-on-last': 2 } as const, pendingOn),
  'co-cancel-idle': idle(coCancel(7)),
  'co-cancel-mid-call': midCall(coCancel(), 0x03),
  'orphaned-idle': idle(orphaned(7)),
  'orphaned-mid-call': midCall(orphaned(), 0x03),
  'orphaned-mid-call-mpx': midCall(orphaned(), 0x13),
  'orphaned-then-new-call': async (talk) => {
    await talk.bound({ contexts: [context(HIGH, NDR32)] });
    const [first] = thirds({ callId: 1, contextId: HIGH });
    talk.send(first, orphaned(1), request({ callId: 2, contextId: HIGH }));
    await talk.isFaulted(PROTO, HIGH, DONE, 1);
  },
  'orphaned-then-new-call-mpx': async (talk) => {
    await talk.bound({ flags: 0x13, contexts: [context(HIGH, NDR32)] });
    const [first] = thirds({ callId: 1, contextId: HIGH });
    talk.send(first, orphaned(1), request({ callId: 2, contextId: 8 }));
    await talk.isFaulted(PROTO, 0, DONE, 2);
  },
};
