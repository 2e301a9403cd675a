import {
  answerPdus,
  edgesOf,
  expect,
  expectCleanClose,
  fragLengthOf,
  machine,
  offering,
  requirement,
} from './requirement';

const sideBySide = { sideBySide: true } as const;

describe('the call', () => {
  requirement('RPC-06', sideBySide, async ({ host }) => {
    for (const callId of [0, 1, 2, 0x12345678, 0xffffffff]) {
      const { exchange } = await host.activate(machine(), {}, { callId });
      const [answer] = answerPdus(exchange);
      expect(answer!.header.callId, 'the call_id').to.equal(callId);
    }
  });

  requirement('RPC-07', sideBySide, async ({ host }) => {
    for (const contextId of [0, 1, 7, 0xffff]) {
      const dialogue = await host.converse(offering.fromContext(contextId));
      const { exchange } = await dialogue.activate(machine());
      const [answer] = answerPdus(exchange);
      expect(answer!.body.contextId, 'the context_id').to.equal(contextId);
    }
  });

  requirement('RPC-08', sideBySide, async ({ host }) => {
    const bytes = await host.everythingAnswered(machine());
    expect(fragLengthOf(bytes), `frag_length of a PDU of ${bytes.length} bytes`).to.equal(bytes.length);
    expect(edgesOf(bytes), 'the flags of a single fragment').to.equal('FIRST and LAST');
  });

  requirement('RPC-11', sideBySide, async ({ host, note }) => {
    const dialogue = await host.converse();
    await dialogue.activate(machine());
    const further = await dialogue.attempt(machine());
    if (further.kind === 'granted') return;
    expectCleanClose(further, 'a further request on the association');
    note('closes after one answer');
  });

  requirement('RPC-14', sideBySide, async ({ host }) => {
    for (const maxStubPerFragment of [200, 128, 64, 8]) {
      await host.activate(machine(), {}, { maxStubPerFragment });
    }
  });

  requirement('RPC-15', sideBySide, async ({ host }) => {
    for (const segmentBytes of [100, 16, 7, 1]) {
      const dialogue = await host.converse({ segmentBytes });
      await dialogue.activate(machine(), {}, { segmentBytes });
    }
  });

  requirement('RPC-17', sideBySide, async ({ host, note }) => {
    const { exchange } = await host.activate(machine());
    for (const { header } of answerPdus(exchange)) {
      const representation = Buffer.from(header.drep).toString('hex');
      if (representation !== '10000000') note(`declares the data representation ${representation}`);
    }
  });

  requirement('RPC-18', sideBySide, async ({ host }) => {
    for (const allocHint of [0, 1, 4096, 0xffffffff]) await host.activate(machine(), {}, { allocHint });
  });
});
