import { FORBIDDEN_FAULTS, formatStatus, REQUEST_SIZE } from '../protocol';
import {
  answerPdus,
  Deviation,
  type BoundConnection,
  expect,
  expectCleanClose,
  expectFault,
  expectGranted,
  expectNoGrant,
  FAULT,
  furtherRequest,
  inconclusive,
  inWords,
  lyingStubs,
  machine,
  offering,
  type Reaction,
  requirement,
} from './requirement';

const parallel = { parallel: true } as const;

/** The ways to be answered with a fault. */
const MISTAKES: Readonly<Record<string, (dialogue: BoundConnection) => Promise<Reaction>>> = {
  'an opnum other than 0': (dialogue) => dialogue.attempt(machine(), {}, { opnum: 1 }),
  'a context_id that was not negotiated': (dialogue) => dialogue.attempt(machine(), {}, { contextId: 99 }),
  'a stub that is too short': (dialogue) => dialogue.attemptShortStub(machine()),
};

const SIZE = BigInt(REQUEST_SIZE);

/** Stubs that lie about their lengths. */
const STUBS = {
  'a stub that is an octet too short': lyingStubs.shorter,
  'a stub that ends behind its lengths': lyingStubs.empty,
  'a stub whose size is more than its count': lyingStubs.withLengths(SIZE + 8n, SIZE),
  'a stub whose size is less than its count': lyingStubs.withLengths(SIZE - 8n, SIZE),
  'a stub that claims twice what is there': lyingStubs.withLengths(2n * SIZE, 2n * SIZE),
};

describe('faults', () => {
  requirement('RPC-09', parallel, async ({ host }) => {
    // 256 is 0 to a host that keeps its low octet.
    for (const opnum of [1, 2, 256, 0xffff]) {
      expectFault(await host.ask(machine(), {}, { opnum }), FAULT.opRangeError);
    }
  });

  requirement('RPC-10', parallel, async ({ host }) => {
    for (const offer of [offering.ndr32Alone(), offering.bothSyntaxes()]) {
      const dialogue = await host.rpc.bind(offer);
      expectFault(await dialogue.ask(machine(), {}, { contextId: 99 }));
    }
  });

  requirement('RPC-12', parallel, async ({ host, note }) => {
    for (const [mistake, make] of Object.entries(MISTAKES)) {
      const further = await furtherRequest(host.rpc, async (bound) =>
        expectCleanClose(await make(bound), mistake),
      );
      if (further.kind === 'closes') {
        note(`closes after ${mistake}`);
        await host.activate(machine());
        continue;
      }
      expectCleanClose(further, `a good request after ${mistake}`);
      expectGranted(further, `a good request after ${mistake}`);
      await host.activate(machine());
    }
  });

  requirement('RPC-20', { place: 'refusals', adds: 1 }, async ({ host, note }) => {
    await host.activate(machine());
    await host.uncounted(
      Object.entries(STUBS).map(([what, bytes]) => ({
        what,
        send: () => host.rpc.attemptStub(machine(), bytes, what),
        judge: (reaction) => {
          expectNoGrant(reaction);
          if (reaction.kind === 'fault' && reaction.status === FAULT.badStubData) return;
          note(`answers ${what} with ${inWords(reaction)}`);
        },
      })),
    );
  });

  requirement('RPC-29', { parallel: true, last: true }, async ({ host }) => {
    for (const [mistake, make] of Object.entries(MISTAKES)) {
      const reaction = await make(await host.rpc.bind());
      if (reaction.kind !== 'fault') continue;
      const forbidden = FORBIDDEN_FAULTS[reaction.status];
      if (forbidden === undefined) continue;
      const received = `${formatStatus(reaction.status)} (${forbidden})`;
      throw new Deviation({
        subject: mistake,
        expected: 'a fault with a status that is not forbidden',
        received,
      });
    }
    const { faults, forbiddenFault } = host.wholeRun;
    if (forbiddenFault !== null) {
      throw new Deviation({
        subject: 'a fault of this run',
        expected: 'a status that is not forbidden',
        received: `${formatStatus(forbiddenFault.status)} (${forbiddenFault.name})`,
      });
    }
    if (faults === 0) inconclusive('the host answered nothing with a fault that can be read');
  });

  requirement('RPC-22', parallel, async ({ host, note }) => {
    for (const call of [{ opnum: 1 }, { contextId: 99 }]) {
      const reply = await host.ask(machine(), {}, call);
      expectFault(reply);
      const [fault] = answerPdus(reply.exchange);
      if ((fault!.body.reserved & 1) !== 0) note('adds extended error information to a fault');
      else expect(fault!.body.stub.length, 'octets of stub data in a fault').to.equal(0);
    }
  });
});
