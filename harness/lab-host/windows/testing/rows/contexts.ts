import { expect } from 'chai';
import { ACCEPTED, type Answer, expectHeader, refused } from '../answers';
import { type Conversation, NOT_DONE, PROTO, UNK_IF } from '../conversation';
import { alter, ALTER_CALL, bind, type Context, context, NDR32, NDR64, OTHER_INTERFACE } from '../octets';
import { PTYPE, request, UNKNOWN, ZERO } from '../octets';
import type { Rows } from '../row';

const NO_INTERFACE_LIKE_IT = refused(2, 1);
const NO_SYNTAX_LIKE_IT = refused(2, 2);
const elsewhere = (id: number): Context => ({ ...context(id, NDR32), asks: OTHER_INTERFACE });

/** Offers contexts by alter_context; each is judged so. */
async function altered(talk: Conversation, contexts: Context[], results: Answer['results']): Promise<void> {
  talk.send(alter({ contexts }));
  const resp = await talk.answer();
  expectHeader(resp, PTYPE.alterResp, ALTER_CALL);
  expect(resp.results).to.deep.equal(results);
}

/** A bind to an interface that is not served: the association stands, with nothing in it. */
async function boundElsewhere(talk: Conversation): Promise<void> {
  talk.send(bind({ contexts: [elsewhere(1)] }));
  const ack = await talk.answer();
  expectHeader(ack, PTYPE.bindAck, 0);
  expect(ack.results).to.deep.equal([NO_INTERFACE_LIKE_IT]);
}

export const CONTEXTS: Rows = {
  'ctx-known-syntax-behind-unknown': async (talk) => {
    await talk.bound({ contexts: [context(1, ZERO, NDR32)] });
    await talk.callWorks();
  },
  'ctx-syntax-named-twice': async (talk) => {
    await talk.bound({ contexts: [context(1, ZERO, NDR32, NDR32, NDR32)] });
    await talk.callWorks();
  },
  'ctx-alter-repeats': async (talk) => {
    await talk.bound();
    await altered(talk, [context(1, NDR32)], [ACCEPTED]);
    await talk.callWorks();
  },
  'ctx-unknown-interface': async (talk) => {
    await boundElsewhere(talk);
    await altered(talk, [elsewhere(2)], [NO_INTERFACE_LIKE_IT]);
  },
  'ctx-request-in-none': async (talk) => {
    await boundElsewhere(talk);
    talk.send(request({ contextId: 12345 }));
    await talk.faults(UNK_IF, 0, NOT_DONE);
    await altered(talk, [elsewhere(2)], [NO_INTERFACE_LIKE_IT]);
  },
  'ctx-no-syntaxes-bind': async (talk) => {
    talk.send(bind({ contexts: [context(1)] }));
    await talk.isRefused(0);
  },
  'ctx-no-syntaxes-alter': async (talk) => {
    await talk.bound();
    talk.send(alter({ contexts: [context(1)] }));
    await talk.isFaulted(PROTO, 0, NOT_DONE, ALTER_CALL);
  },
  'ctx-alter-to-other-syntax': async (talk) => {
    await talk.bound();
    talk.send(alter({ contexts: [context(1, ZERO, UNKNOWN, NDR64)] }));
    await talk.isFaulted(PROTO, 0, NOT_DONE, ALTER_CALL);
  },
  'ctx-alter-to-unknown-syntax': async (talk) => {
    await talk.bound();
    await altered(talk, [context(1, ZERO, UNKNOWN)], [NO_SYNTAX_LIKE_IT]);
    await talk.callWorks();
  },
  'ctx-alter-after-refused-bind': async (talk) => {
    await boundElsewhere(talk);
    await altered(talk, [context(0, NDR32)], [ACCEPTED]);
    await talk.callWorks({ contextId: 0 });
  },
  'ctx-added-by-alter': async (talk) => {
    await talk.bound({ contexts: [context(0, NDR32)] });
    await altered(talk, [context(1, NDR32)], [ACCEPTED]);
    await altered(talk, [context(2, NDR32, NDR32)], [ACCEPTED]);
    for (const contextId of [0, 1, 2, 0]) await talk.callWorks({ contextId });
  },
  'ctx-one-grant-per-pdu': async (talk) => {
    await talk.bound();
    await altered(talk, [context(3, NDR32), context(4, NDR32)], [ACCEPTED, NO_SYNTAX_LIKE_IT]);
    await talk.callWorks({ contextId: 3 });
    talk.send(request({ contextId: 4 }));
    await talk.faults(UNK_IF, 0, NOT_DONE);
  },
  'ctx-known-one-behind-a-grant': async (talk) => {
    await talk.bound();
    await altered(talk, [context(3, NDR32)], [ACCEPTED]);
    for (let i = 0; i < 2; i++)
      await altered(talk, [context(4, NDR32), context(3, NDR32)], [ACCEPTED, NO_SYNTAX_LIKE_IT]);
    for (const contextId of [3, 4]) await talk.callWorks({ contextId });
  },
  'ctx-id-twice-in-pdu': async (talk) => {
    await talk.bound();
    for (let i = 0; i < 2; i++)
      await altered(talk, [context(5, NDR32), context(5, NDR32)], [ACCEPTED, NO_SYNTAX_LIKE_IT]);
    await talk.callWorks({ contextId: 5 });
  },
};
