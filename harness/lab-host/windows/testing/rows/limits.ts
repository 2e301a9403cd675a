import { expect } from 'chai';
import { DONE, PROTO } from '../conversation';
import { alter, requestOfSize } from '../octets';
import { family, type Play, type Rows } from '../row';

/** Both limits of the bind_ack; an alter_context with others and another group changes nothing; a request that fills them. */
const negotiates =
  ([xmit, recv, limit]: readonly [number, number, number]): Play =>
  async (talk) => {
    const ack = await talk.bound({ xmit, recv });
    expect(ack.limits).to.deep.equal([limit, limit]);
    talk.send(alter({ xmit: 2048, recv: 4280, group: 0x4711 }));
    const resp = await talk.answer();
    expect([resp.limits, resp.group]).to.deep.equal([ack.limits, ack.group]);
    talk.send(requestOfSize(limit));
    await talk.granted();
  };

export const LIMITS: Rows = {
  ...family(
    {
      'limits-ffff-ffff': [0xffff, 0xffff, 5840],
      'limits-0-ffff': [0, 0xffff, 2048],
      'limits-ffff-0': [0xffff, 0, 2048],
      'limits-0-0': [0, 0, 2048],
      'limits-3199-0': [3199, 0, 2048],
      'limits-0-3199': [0, 3199, 2048],
      'limits-3199-ffff': [3199, 0xffff, 3192],
      'limits-ffff-3199': [0xffff, 3199, 3192],
    } as const,
    negotiates,
  ),
  'limits-not-held-against-client': async (talk) => {
    const ack = await talk.bound({ xmit: 3199, recv: 3199 });
    expect(ack.limits).to.deep.equal([3192, 3192]);
    talk.send(requestOfSize(5840));
    await talk.granted();
  },
  'limits-over-5840': async (talk) => {
    await talk.bound();
    talk.send(requestOfSize(5841));
    await talk.isFaulted(PROTO, 0, DONE);
  },
};
