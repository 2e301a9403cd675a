import {
  answerPdus,
  type Dialogue,
  expect,
  expectCleanClose,
  FAULT,
  inWords,
  machine,
  offering,
  type Reaction,
  requirement,
  statusOf,
} from './requirement';

const sideBySide = { sideBySide: true } as const;

/** The ways to be answered with a fault. */
const MISTAKES: Readonly<Record<string, (dialogue: Dialogue) => Promise<Reaction>>> = {
  'an opnum other than 0': (dialogue) => dialogue.attempt(machine(), {}, { opnum: 1 }),
  'a context_id that was not negotiated': (dialogue) => dialogue.attempt(machine(), {}, { contextId: 99 }),
  'a stub that is too short': (dialogue) => dialogue.attemptShortStub(machine()),
};

describe('faults', () => {
  requirement('RPC-09', sideBySide, async ({ host }) => {
    for (const opnum of [1, 2, 0xffff]) {
      const reply = await host.ask(machine(), {}, { opnum });
      expect(reply.kind, `what opnum ${opnum} is answered with`).to.equal('fault');
      expect(statusOf(reply), `the fault of opnum ${opnum}`).to.equal(FAULT.opRangeError);
    }
  });

  requirement('RPC-10', sideBySide, async ({ host }) => {
    for (const offer of [offering.ndr32Alone(), offering.bothSyntaxes()]) {
      const dialogue = await host.converse(offer);
      const reply = await dialogue.ask(machine(), {}, { contextId: 99 });
      expect(reply.kind, 'what a context_id that was not negotiated is answered with').to.equal('fault');
    }
  });

  requirement('RPC-12', sideBySide, async ({ host, note }) => {
    for (const [mistake, make] of Object.entries(MISTAKES)) {
      const dialogue = await host.converse();
      expectCleanClose(await make(dialogue), mistake);
      const further = await dialogue.attempt(machine());
      expectCleanClose(further, `a good request after ${mistake}`);
      if (further.kind === 'nothing') note(`closes after ${mistake}`);
      else expect(further.kind, `what a good request after ${mistake} receives`).to.equal('granted');
      await host.activate(machine());
    }
  });

  requirement('RPC-20', { adds: 1 }, async ({ host, note }) => {
    await host.activate(machine());
    for (const [stub, reaction] of Object.entries(await host.askWithLyingStubs())) {
      expect(reaction.kind, `what ${stub} receives`).to.not.equal('granted');
      if (reaction.kind === 'fault' && reaction.status === FAULT.badStubData) continue;
      note(`answers ${stub} with ${inWords(reaction)}`);
    }
    await host.stillServes();
  });

  requirement('RPC-22', sideBySide, async ({ host, note }) => {
    for (const call of [{ opnum: 1 }, { contextId: 99 }]) {
      const { exchange, kind } = await host.ask(machine(), {}, call);
      expect(kind, 'the answer').to.equal('fault');
      const [fault] = answerPdus(exchange);
      if ((fault!.body.reserved & 1) !== 0) note('adds extended error information to a fault');
      else expect(fault!.body.stub.length, 'stub data in a fault').to.equal(0);
    }
  });
});
