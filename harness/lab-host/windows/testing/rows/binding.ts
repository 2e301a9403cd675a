import { expect } from 'chai';
import { ACCEPTED, expectHeader, expectNak } from '../answers';
import { NOT_DONE, PROTO } from '../conversation';
import { alter, ALTER_CALL, bind, context, FLAG, NDR32, PTYPE, u32, zeros } from '../octets';
import { family, type Play, type Rows } from '../row';

/** A bind with only these flags, and those of the bind_ack. */
const bindFlags =
  ([asked, answered]: readonly [number, number]): Play =>
  async (talk) => {
    talk.send(bind({ flags: asked }));
    const ack = await talk.answer();
    expectHeader(ack, PTYPE.bindAck, 0, answered);
    expect(ack.results).to.deep.equal([ACCEPTED]);
    await talk.callWorks();
  };

/** After the usual bind, an alter_context with only these flags, and those of its answer. */
const alterFlags =
  ([asked, answered]: readonly [number, number]): Play =>
  async (talk) => {
    const ack = await talk.bound();
    talk.send(alter({ flags: asked }));
    const resp = await talk.answer();
    expectHeader(resp, PTYPE.alterResp, ALTER_CALL, answered);
    expect([resp.limits, resp.group]).to.deep.equal([ack.limits, ack.group]);
    expect(resp.octets.readUInt16LE(24), 'octets of the secondary address').to.equal(0);
    expect(resp.octets.length, '2 octets of padding, one result').to.equal(16 + 10 + 2 + 4 + 24);
    expect(resp.results).to.deep.equal([ACCEPTED]);
    await talk.callWorks();
  };

const nothingOffered = (authLength?: number): Play => {
  const pdu = bind({ contexts: [], ...(authLength === undefined ? {} : { authLength }) });
  return async (talk) => {
    talk.send(pdu);
    await talk.isRefused(4);
  };
};

/** Binds that are refused, each for another reason. */
const REFUSED = [
  bind({ contexts: [] }),
  bind({ group: 0x7777 }),
  bind({ contexts: [context(1)] }),
  bind({ trailer: [1, 2, 0, 0, ...u32(0), ...zeros(4)] }),
];

export const BINDING: Rows = {
  'bind-and-call': async (talk) => {
    talk.send(bind({ callId: 9 }));
    const ack = await talk.answer();
    expectHeader(ack, PTYPE.bindAck, 9);
    expect(ack.limits).to.deep.equal([5840, 5840]);
    expect(ack.group).to.not.equal(0);
    expect(ack.secondaryAddress).to.equal(`${talk.port}\0`);
    expect(ack.results).to.deep.equal([ACCEPTED]);
    const listAt = (26 + ack.secondaryAddress.length + 3) & ~3;
    expect(ack.octets.length, 'nothing behind the result').to.equal(listAt + 4 + 24);
    await talk.callWorks();
  },
  ...family(
    {
      'bind-flags-none': [0, 0x03],
      'bind-flags-first': [FLAG.first, 0x03],
      'bind-flags-last': [FLAG.last, 0x03],
      'bind-flags-08': [FLAG.bit08, 0x03],
      'bind-flags-did-not-execute': [FLAG.didNotExecute, 0x03],
      'bind-flags-maybe': [FLAG.maybe, 0x03],
      'bind-flags-object': [FLAG.object, 0x03],
      'bind-flags-sign': [FLAG.cancelOrSign, 0x07],
      'bind-flags-mpx': [FLAG.mpx, 0x13],
    } as const,
    bindFlags,
  ),
  ...family(
    {
      'alter-flags-none': [0, 0x03],
      'alter-flags-first': [FLAG.first, 0x03],
      'alter-flags-last': [FLAG.last, 0x03],
      'alter-flags-08': [FLAG.bit08, 0x03],
      'alter-flags-mpx': [FLAG.mpx, 0x03],
      'alter-flags-did-not-execute': [FLAG.didNotExecute, 0x03],
      'alter-flags-maybe': [FLAG.maybe, 0x03],
      'alter-flags-object': [FLAG.object, 0x03],
      'alter-flags-sign': [FLAG.cancelOrSign, 0x07],
      'alter-flags-all': [0xff, 0x07],
    } as const,
    alterFlags,
  ),
  'bind-no-contexts': nothingOffered(),
  'bind-auth-length-no-trailer': nothingOffered(8),
  'bind-twice': async (talk) => {
    await talk.bound();
    talk.send(bind({ callId: 4, contexts: [context(1, NDR32)] }));
    await talk.isRefused(0, 4);
  },
  'nak-length': async (talk, host) => {
    for (const [i, pdu] of REFUSED.entries()) {
      const another = i === 0 ? talk : await talk.another(host);
      another.send(pdu);
      const nak = await another.answer();
      expectNak(nak, nak.octets.readUInt16LE(16));
      await another.ends();
    }
  },
  'alter-no-contexts': async (talk) => {
    await talk.bound();
    talk.send(alter({ contexts: [] }));
    await talk.isFaulted(PROTO, 0, NOT_DONE, ALTER_CALL);
  },
};
