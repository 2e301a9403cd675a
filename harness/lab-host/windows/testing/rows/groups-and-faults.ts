import { expect } from 'chai';
import { expectHeader } from '../answers';
import { NOT_DONE, OP_RNG, PROTO, DONE, UNK_IF } from '../conversation';
import { bind, CALL, context, FLAG, NDR32, PTYPE, request } from '../octets';
import type { Rows } from '../row';

export const GROUPS: Rows = {
  'group-unknown': async (talk) => {
    talk.send(bind({ group: 1 }));
    await talk.isRefused(0);
  },
  'group-left': async (talk, host) => {
    const { group } = await talk.bound();
    await talk.leave();
    await talk.untilLeft({ connections: () => host.connections });
    const later = await talk.another(host);
    later.send(bind({ group }));
    await later.isRefused(0);
  },
  'group-new-for-each': async (talk, host) => {
    const other = await talk.another(host);
    expect((await talk.bound()).group).to.not.equal((await other.bound()).group);
  },
  'group-joined': async (talk, host) => {
    const { group } = await talk.bound();
    const other = await talk.another(host);
    expect((await other.bound({ group })).group).to.equal(group);
    await talk.callWorks();
    await other.callWorks();
  },
  'group-shares-no-contexts': async (talk, host) => {
    const { group } = await talk.bound({ contexts: [context(7, NDR32)] });
    const other = await talk.another(host);
    await other.bound({ group });
    other.send(request({ contextId: 7 }));
    await other.faults(UNK_IF, 0, NOT_DONE);
    await other.callWorks();
    await talk.callWorks({ contextId: 7 });
  },
};

export const FAULTS_AND_ECHOES: Rows = {
  'call-missing-operation': async (talk) => {
    await talk.bound();
    talk.send(request({ opnum: 99 }));
    await talk.faults(OP_RNG, 1, NOT_DONE);
    await talk.callWorks({ callId: 3 });
  },
  'fault-alloc-hint': async (talk) => {
    await talk.bound();
    const causes: [Buffer, number, number, number][] = [
      [request({ opnum: 99 }), OP_RNG, 1, NOT_DONE],
      [request({ contextId: 5 }), UNK_IF, 0, NOT_DONE],
      [request({ flags: FLAG.last }), PROTO, 0, DONE],
    ];
    // `faults` holds each against an alloc_hint of 32, the value of no extended error information.
    for (const [pdu, ...fault] of causes) {
      talk.send(pdu);
      await talk.faults(...fault);
    }
  },
  'call-id-wide': async (talk) => {
    await talk.bound();
    await talk.callWorks({ callId: 0x21234 });
  },
  'call-context-over-255': async (talk) => {
    await talk.bound({ contexts: [context(0xffff, NDR32)] });
    talk.send(request({ contextId: 0xffff }));
    const answer = await talk.answer();
    expectHeader(answer, PTYPE.response, CALL);
    expect(answer.contextId).to.equal(0x00ff);
  },
};
