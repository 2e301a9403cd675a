import { expect } from 'chai';
import { FAULT_EXTENDED_ERROR, type KmsRequestInput, PTYPE } from '../../protocol';
import { systemClock } from '../support/clock';
import { Random } from '../support/random';
import { flood, header, HOSTILE_HOSTS, letsWait, silence } from '../testing/hostile-hosts';
import { afterRequest } from '../testing/hostile-hosts/behaviour';
import { KmsClient } from '.';
import { machineRequest } from '../model/machine-request';
import { failureOf } from './testing/failure-of';
import { type Peer, scriptedHost, type ScriptedHost } from './testing/scripted-host';

/** For hosts that let the client wait. */
const TIMEOUT_MS = 120;
/** For those that do not: a busy machine is no failure. */
const PATIENCE_MS = 5000;
/** A wait may end this much later than its deadline on a busy machine; three waits make an activation. */
const LIMIT_MS = 3 * TIMEOUT_MS + 1500;

const request = (): KmsRequestInput =>
  machineRequest({ product: 'win7', random: new Random(1), clock: systemClock });

type Script = (peer: Peer, connection: number) => Promise<void> | void;

describe('hostile hosts', () => {
  let host: ScriptedHost | null = null;
  let client: KmsClient | null = null;
  const meet = async (script: Script, timeoutMs = PATIENCE_MS): Promise<KmsClient> => {
    host = await scriptedHost(script);
    client = new KmsClient({ endpoint: host, timeoutMs });
    return client;
  };
  /** Nothing is left behind: every socket of the client is gone when `close` resolves, and the host then sees it. */
  afterEach(async () => {
    const met = host;
    try {
      await client?.close();
      await met?.allClosed();
    } finally {
      // A server that goes on listening would keep the whole test run from ending.
      host = client = null;
      await met?.close();
    }
  });

  for (const behaviour of HOSTILE_HOSTS) {
    const { name, script, client: told } = behaviour;
    it(`tells a host that ${name}: ${'kind' in told ? `${told.kind} at ${String(told.stage)}` : told.answer}`, async () => {
      const started = performance.now();
      const target = await meet(script, letsWait(behaviour) ? TIMEOUT_MS : PATIENCE_MS);
      if ('answer' in told) {
        const { answer } = await target.activate(request());
        expect(answer?.kind).to.equal(told.answer);
        if (answer?.kind === 'malformed') expect(answer.error.path).to.match(told.path!);
        return;
      }
      const failure = await failureOf(target.activate(request()));
      expect(failure.kind).to.be.oneOf([told.kind, told.or]);
      expect(failure.stage).to.match(
        told.stage instanceof RegExp ? told.stage : new RegExp(`^${told.stage}$`),
      );
      if (told.message !== undefined) expect(failure.message).to.match(told.message);
      expect(failure.message).to.contain(`127.0.0.1:${host!.port}`).and.not.contain('\n');
      if (letsWait(behaviour)) expect(performance.now() - started).to.be.lessThan(LIMIT_MS);
    });
  }

  it('tells a reset or a close at each byte of an answer', async () => {
    let cut = 0;
    let how: 'end' | 'resetAndDestroy' = 'end';
    const target = await meet(
      afterRequest((peer, answer) => {
        peer.send(answer.subarray(0, cut));
        peer.socket[how]();
      }),
    );
    for (how of ['end', 'resetAndDestroy'] as const) {
      for (cut = 0; cut < 200; cut++) {
        const failure = await failureOf(target.activate(request()));
        // A system may tell a reset as an end where bytes came before it.
        expect(failure.kind, `${how} at ${cut}`).to.be.oneOf(
          how === 'end' ? ['closed'] : ['reset', 'closed'],
        );
        if (how === 'end' && cut > 0) expect(failure.message).to.contain(`${cut} bytes into it`);
      }
    }
  });

  it('takes a fault with extended error information as an exchange', async () => {
    const target = await meet(
      afterRequest((peer) => {
        const body = {
          contextId: 0,
          reserved: FAULT_EXTENDED_ERROR,
          status: 0x1c01000b,
          stub: Buffer.alloc(40, 7),
        };
        peer.send({ kind: 'fault', header: { callId: 1 }, body });
      }),
    );
    expect((await target.activate(request())).answer).to.deep.equal({ kind: 'fault', status: 0x1c01000b });
  });

  it('takes a good answer in front of garbage, and tells the garbage after', async () => {
    const target = await meet(
      afterRequest(async (peer, answer) => {
        peer.send(Buffer.concat([answer, Buffer.from('garbage')]));
        await silence(peer);
      }),
    );
    const session = await target.session();
    expect((await session.activate(request())).answer?.kind).to.equal('response');
    expect((await failureOf(session.activate(request()))).kind).to.equal('garbage');
  });

  it('takes an answer that comes before the request as that of another call', async () => {
    const target = await meet(async (peer) => {
      await peer.acceptBind();
      peer.send(header(PTYPE.response, 77, 24));
      await silence(peer);
    });
    expect((await failureOf(target.activate(request()))).kind).to.equal('unexpected-pdu');
  });

  it('makes a host wait that sends without end', async () => {
    let sent = 0;
    const target = await meet(async (peer) => {
      await peer.acceptBind();
      sent = await flood(peer, header(PTYPE.response, 99, 60_000));
    });
    const connection = await target.connect();
    await new Promise<void>((resolve) => setTimeout(resolve, 150));
    await connection.destroy();
    // What the two socket buffers take and a megabyte of ours, far from all that it would send.
    expect(sent).to.be.lessThan(30e6);
  });

  it('does not wait for a host that never reads', async () => {
    let release = (): void => undefined;
    const target = await meet(async (peer) => {
      peer.socket.pause();
      await new Promise<void>((resolve) => (release = resolve));
      peer.socket.destroy();
    }, TIMEOUT_MS);
    const connection = await target.connect();
    const failure = await failureOf(
      (async () => {
        for (;;) await connection.send(Buffer.alloc(1 << 20));
      })(),
    );
    expect([failure.kind, failure.stage]).to.deep.equal(['timed-out', 'request']);
    await connection.destroy();
    release();
  });
});
