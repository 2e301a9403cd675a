import {
  answerPdus,
  expect,
  expectCleanClose,
  furtherRequest,
  hex,
  machine,
  offering,
  pdusOfAnswer,
  requirement,
  rightEdges,
} from './requirement';

const parallel = { parallel: true } as const;

describe('the call', () => {
  requirement('RPC-06', parallel, async ({ host }) => {
    for (const callId of [0, 1, 2, 0x12345678, 0xffffffff]) {
      const { exchange } = await host.activate(machine(), {}, { callId });
      const [answer] = answerPdus(exchange);
      const [wanted, answered] = [callId, answer!.header.callId].map(hex);
      expect(answered, 'call_id of the answer').to.equal(wanted);
    }
  });

  requirement('RPC-07', parallel, async ({ host, note }) => {
    let keepsAnOctet = false;
    for (const contextId of [0, 1, 7, 128, 255, 256, 0x1234, 0xffff]) {
      const dialogue = await host.rpc.bind(offering.fromContext(contextId));
      const { exchange } = await dialogue.activate(machine());
      const answered = answerPdus(exchange)[0]!.body.contextId;
      const isLowOctet = contextId > 255 && answered === (contextId & 255);
      keepsAnOctet ||= isLowOctet;
      if (!isLowOctet)
        expect(answered, `the context_id of a call in context ${contextId}`).to.equal(contextId);
    }
    if (keepsAnOctet) note('returns the low octet of a context_id over 255');
  });

  requirement('RPC-08', parallel, async ({ host }) => {
    const pdus = pdusOfAnswer(await host.rpc.everythingAnswered(machine()));
    for (const { fragLength, octets } of pdus) {
      expect(fragLength, 'frag_length, at offset 8 of the PDU, of all that came').to.equal(octets);
    }
    const what = pdus.length === 1 ? 'of a single fragment' : `of ${pdus.length} fragments`;
    expect(pdus.map(({ edges }) => edges).join(', '), `pfc_flags, at offset 3 of the PDU, ${what}`).to.equal(
      rightEdges(pdus.length).join(', '),
    );
  });

  requirement('RPC-11', parallel, async ({ host, note }) => {
    const further = await furtherRequest(host.rpc, (bound) => bound.activate(machine()));
    if (further.kind === 'granted') return;
    if (further.kind !== 'closes') expectCleanClose(further, 'a further request on the association');
    note('closes after one answer');
  });

  requirement('RPC-14', parallel, async ({ host }) => {
    for (const maxStubPerFragment of [200, 128, 64, 8]) {
      await host.activate(machine(), {}, { maxStubPerFragment });
    }
  });

  requirement('RPC-15', parallel, async ({ host }) => {
    for (const segmentBytes of [100, 16, 7, 1]) {
      const dialogue = await host.rpc.bind({ segmentBytes });
      await dialogue.activate(machine(), {}, { segmentBytes });
    }
  });

  requirement('RPC-17', parallel, async ({ host, note }) => {
    const { exchange } = await host.activate(machine());
    for (const { header } of answerPdus(exchange)) {
      const representation = Buffer.from(header.drep).toString('hex');
      if (representation !== '10000000') note(`declares the data representation ${representation}`);
    }
  });

  requirement('RPC-18', parallel, async ({ host }) => {
    for (const allocHint of [0, 1, 4096, 0xffffffff]) await host.activate(machine(), {}, { allocHint });
  });
});
