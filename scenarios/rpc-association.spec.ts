import {
  CALL_HEADER_SIZE,
  encodePdu,
  FAULT,
  formatFiletime,
  fragment,
  HEADER_SIZE,
  KMS_INTERFACE,
  NDR32,
  PFC,
  PFC_WHOLE,
} from '../protocol';
import {
  expect,
  expectGranted,
  expectNoGrant,
  hex,
  inWords,
  lyingStubs,
  machine,
  type offering,
  requirement,
  UNKNOWN_SYNTAX,
} from './requirement';

const parallel = { parallel: true } as const;

/** How a failure says that the host ended the connection. */
const CLOSES: readonly string[] = ['closed', 'reset'];
const MIB = 1 << 20;
const PART = 4096;
/** What every implementation takes (C706 12.6.3.1, MustRecvFragSize). */
const LEAST_FRAGMENT = 1432;

type Contexts = NonNullable<ReturnType<typeof offering.ndr32Alone>['contexts']>;

const contextOf = (
  contextId: number,
  ...transferSyntaxes: Contexts[number]['transferSyntaxes']
): Contexts => [{ contextId, abstractSyntax: KMS_INTERFACE, transferSyntaxes }];

describe('contexts of an association', () => {
  requirement('RPC-23', parallel, async ({ host }) => {
    for (const syntaxes of [
      [UNKNOWN_SYNTAX, NDR32],
      [NDR32, UNKNOWN_SYNTAX],
    ]) {
      const dialogue = await host.rpc.bind({ contexts: contextOf(0, ...syntaxes) });
      const order = syntaxes[0] === NDR32 ? 'NDR32 and an unknown one' : 'an unknown one and NDR32';
      expect(dialogue.verdicts, `the verdict on a context that lists ${order}`).to.deep.equal(['accepted']);
      await dialogue.activate(machine());
    }
  });

  requirement('RPC-24', parallel, async ({ host }) => {
    for (const contextId of [0, 1, 2]) {
      const dialogue = await host.rpc.bind({ contexts: contextOf(0, NDR32) });
      for (const added of [1, 2]) {
        const verdicts = await dialogue.alterContext({ contexts: contextOf(added, NDR32) });
        expect(verdicts, `the verdict on context ${added}, added by alter_context`).to.deep.equal([
          'accepted',
        ]);
      }
      await dialogue.activate(machine(), {}, { contextId });
    }
  });
});

describe('association groups', () => {
  requirement('RPC-26', parallel, async ({ host }) => {
    const first = await host.rpc.bind();
    const { assocGroupId } = first.bindAck.body;
    const verdict = await host.rpc.groupOf({ assocGroupId });
    const answered = typeof verdict === 'number' ? hex(verdict) : verdict;
    expect(answered, 'the association group of a second connection').to.equal(hex(assocGroupId));
    await first.close();
  });

  requirement('RPC-27', parallel, async ({ host }) => {
    const [ours, theirs] = [0, 21];
    for (const inGroup of [true, false]) {
      const first = await host.rpc.bind({ contexts: contextOf(theirs, NDR32) });
      const { assocGroupId } = first.bindAck.body;
      const joins = inGroup && (await host.rpc.groupOf({ assocGroupId })) === assocGroupId;
      const offer = { contexts: contextOf(ours, NDR32), ...(joins ? { assocGroupId } : {}) };
      const second = await host.rpc.bind(offer);
      const reaction = await second.attempt(machine(), {}, { contextId: theirs });
      const whose = joins ? 'another connection of its group' : 'another connection';
      expectNoGrant(reaction, `a call in a context of ${whose}`);
      await first.close();
      await second.close();
    }
  });
});

describe('calls of an association', () => {
  requirement('RPC-28', parallel, async ({ host, note }) => {
    const { sent, answers } = await host.rpc.pipeline([0x1001, 0x1002, 0x1003]);
    expect(answers.length, 'answers to three calls in one segment').to.be.at.least(1);
    const open = new Map(sent);
    for (const { callId, kind, requestTime } of answers) {
      expect(kind, 'what answers a call').to.be.oneOf(['response', 'refusal', 'fault']);
      const asked = open.get(callId);
      const calls = [...open.keys()].map(hex).join(' or ');
      if (asked === undefined) expect(hex(callId), 'call_id of an answer').to.equal(calls);
      const times = [requestTime ?? asked!, asked!].map(formatFiletime);
      expect(times[0], `requestTime of the answer to call ${hex(callId)}`).to.equal(times[1]);
      open.delete(callId);
    }
    if (open.size > 0) note(`leaves ${open.size} of three calls in one segment unanswered`);
  });

  requirement('RPC-30', parallel, async ({ host, note }) => {
    for (const kind of ['coCancel', 'orphaned'] as const) {
      const dialogue = await host.rpc.bind();
      await dialogue.association.connection.send(encodePdu({ kind, header: { callId: 9 }, body: {} }));
      const reaction = await dialogue.attempt(machine());
      if (reaction.kind === 'nothing' && CLOSES.includes(reaction.failure.kind)) note(`closes on ${kind}`);
      else expectGranted(reaction, `a good request after ${kind}`);
    }
  });

  requirement('RPC-31', parallel, async ({ host }) => {
    // A verification trailer that verifies nothing: its signature and, last, a bitmask of nothing (MS-RPCE 2.2.2.13).
    const trailer = Buffer.from('8ae3137102f436710140040000000000', 'hex');
    for (const behind of [trailer, new Uint8Array(7)]) {
      const what = `a stub with ${behind.length} octets behind it`;
      const reaction = await host.rpc.attemptStub(machine(), lyingStubs.followedBy(behind), what);
      expectGranted(reaction);
    }
  });

  requirement('RPC-32', parallel, async ({ host, note }) => {
    const what = `a request PDU of ${LEAST_FRAGMENT} octets`;
    const filling = lyingStubs.filledUpTo(LEAST_FRAGMENT - HEADER_SIZE - CALL_HEADER_SIZE);
    const reaction = await host.rpc.attemptStub(machine(), filling, what);
    const refuses = reaction.kind === 'fault' && reaction.status === FAULT.protocolError;
    if (reaction.kind === 'nothing' || refuses) expectGranted(reaction);
    if (reaction.kind !== 'granted') note(`answers ${what} with ${inWords(reaction)}`);
  });

  requirement('RPC-33', parallel, async ({ host }) => {
    const call = fragment(host.rpc.requestCall(machine()), 64);
    const part = new Uint8Array(PART);
    const endless = encodePdu({ ...call[1]!, body: { ...call[1]!.body, allocHint: 0, stub: part } });
    const first = encodePdu({ ...call[0]!, body: { ...call[0]!.body, allocHint: 0 } });
    const flood = Buffer.concat([first, ...Array.from({ length: MIB / PART }, () => endless)]);
    const what = '1 MiB of fragments without LAST';
    await host.connections.provoke(
      Array.from({ length: 10 }, (_, i) => ({
        what: `${what}, on connection ${i + 1} of 10`,
        writes: [flood],
        bound: true,
      })),
    );
    await host.activate(machine());
  });
});

/** A bind with an authentication trailer of that level. */
function authenticating(level: number): Uint8Array {
  const body = { maxXmitFrag: 5840, maxRecvFrag: 5840, contexts: contextOf(0, NDR32) };
  // auth_type 1 is none that a KMS client or host has: the private authentication of DCE.
  const authTrailer = Uint8Array.of(1, level, 0, 0, 0, 0, 0, 0, 0x6e, 0x6f, 0x6e, 0x65);
  const header = { callId: 1, pfcFlags: PFC_WHOLE | PFC.concMpx };
  return encodePdu({ kind: 'bind', header, body, authTrailer });
}

const AUTHENTICATION_TYPE = 8;

/** `bind_nak`: a kind of PDU as C706 writes it. */
const pduWord = (kind: string): string => kind.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

describe('authentication', () => {
  requirement('RPC-25', parallel, async ({ host, note }) => {
    const reasons = new Set<number>();
    for (const level of [0, 1, 2, 3, 4, 5, 6, 7]) {
      const what = `a bind with auth_type 1, level ${level}`;
      const answer = await host.rpc.raw.answerToFirst(authenticating(level), what);
      const received = answer.kind === 'nothing' ? inWords(answer) : pduWord(answer.kind);
      expect(received, 'its answer').to.equal('bind_nak');
      if (answer.kind === 'bindNak') reasons.add(answer.body.reason);
    }
    reasons.delete(AUTHENTICATION_TYPE);
    if (reasons.size > 0)
      note(`gives reason ${[...reasons].sort().join(', ')} to some binds that authenticate`);
  });
});
