import { expect } from 'chai';
import { createServer } from 'node:net';
import { FAULT_EXTENDED_ERROR, type KmsRequestInput, PTYPE } from '../../protocol';
import { systemClock } from '../clock';
import { Random } from '../random';
import { flood, header, HOSTILE_HOSTS, letsWait, silence } from '../testing/hostile-hosts';
import { afterRequest } from '../testing/hostile-hosts/behaviour';
import { Connection, HostFailure, KmsClient, machineRequest } from '.';
import { goodHost, type Peer, scriptedHost, type ScriptedHost } from './testing/scripted-host';

/** For hosts that let the client wait. */
const TIMEOUT_MS = 120;
/** For those that do not: a busy machine is no failure. */
const PATIENCE_MS = 5000;
/** A wait may end this much later than its deadline on a busy machine; three waits make an activation. */
const LIMIT_MS = 3 * TIMEOUT_MS + 1500;

const request = (): KmsRequestInput =>
  machineRequest({ product: 'win7', random: new Random(1), clock: systemClock });

/** What an activation fails with. */
async function failureOf(promise: Promise<unknown>): Promise<HostFailure> {
  let result: unknown;
  try {
    result = await promise;
  } catch (error) {
    expect(error).to.be.instanceOf(HostFailure);
    return error as HostFailure;
  }
  throw new Error(
    `it did not fail: ${JSON.stringify(result, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}`,
  );
}

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

  describe('connecting', () => {
    it('tells a refused connection', async () => {
      const gone = await goodHost();
      await gone.close();
      const failure = await failureOf(Connection.open(gone, { timeoutMs: TIMEOUT_MS }));
      expect([failure.kind, failure.stage]).to.deep.equal(['refused', 'connect']);
    });

    it('tells a name without an address, and addresses that all refuse', async () => {
      const name = { host: 'no-such-name.invalid', port: 1 };
      expect((await failureOf(Connection.open(name, { timeoutMs: 3000 }))).kind).to.equal('name-not-found');
      const dead = { host: 'dead', port: 1, addresses: ['::1', '127.0.0.1'] };
      expect((await failureOf(Connection.open(dead, { timeoutMs: 1000 }))).kind).to.equal('refused');
    });

    it('tells a source address that is not ours', async () => {
      host = await goodHost();
      const failure = await failureOf(
        Connection.open(host, { localAddress: '192.0.2.1', timeoutMs: PATIENCE_MS }),
      );
      expect(failure.kind).to.equal('local-limit');
    });

    it('gives up at the deadline where nobody accepts', async () => {
      // A listener whose backlog is full: the kernel drops further SYNs.
      const server = createServer();
      server.maxConnections = 0;
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const failure = await failureOf(
        Connection.open(
          { host: '127.0.0.1', port: (server.address() as { port: number }).port },
          { timeoutMs: 50 },
        ).then((connection) => connection.receive({ timeoutMs: 50 }).finally(() => connection.destroy())),
      );
      expect(failure.kind).to.be.oneOf(['timed-out', 'reset', 'closed']);
      await new Promise<void>((resolve) => server.close(() => resolve()));
    });

    it('is interrupted by a signal, before and while connecting and while waiting', async () => {
      const early = new AbortController();
      early.abort();
      host = await scriptedHost(silence);
      expect((await failureOf(Connection.open(host, { signal: early.signal }))).kind).to.equal('interrupted');
      const late = new AbortController();
      const connecting = Connection.open(host, { signal: late.signal });
      late.abort();
      expect((await failureOf(connecting)).kind).to.equal('interrupted');
      const waiting = new AbortController();
      const connection = await Connection.open(host, { signal: waiting.signal });
      const received = connection.receive();
      waiting.abort();
      expect((await failureOf(received)).kind).to.equal('interrupted');
      await connection.whenClosed;
    });
  });

  describe('a connection', () => {
    it('says how the host closed, and what it sent before', async () => {
      host = await scriptedHost((peer) => void peer.socket.end('bye'));
      const first = await Connection.open(host, { timeoutMs: PATIENCE_MS });
      expect(Buffer.from((await first.receiveRaw())!).toString()).to.equal('bye');
      expect(await first.receiveRaw()).to.equal(null);
      expect(await first.waitForClose()).to.equal('fin');
      await first.close();
      await host.close();
      host = await scriptedHost((peer) => void peer.socket.once('data', () => peer.socket.resetAndDestroy()));
      const second = await Connection.open(host, { timeoutMs: PATIENCE_MS });
      await second.send(header(PTYPE.bind));
      expect(await second.waitForClose()).to.equal('reset');
      expect((await failureOf(second.send(Buffer.alloc(1)))).kind).to.equal('reset');
    });

    it('fails to see a close within its deadline as timed-out at close', async () => {
      host = await scriptedHost(silence);
      const connection = await Connection.open(host, { timeoutMs: 60 });
      const failure = await failureOf(connection.waitForClose());
      expect([failure.kind, failure.stage]).to.deep.equal(['timed-out', 'close']);
      connection.end();
      await connection.close();
      expect((await failureOf(connection.receive())).kind).to.equal('interrupted');
      expect((await failureOf(connection.send(Buffer.alloc(1)))).kind).to.equal('interrupted');
    });

    it('hears the host out after a half-close', async () => {
      host = await scriptedHost(async (peer) => {
        while ((await peer.next()) !== null);
        peer.send(header(PTYPE.shutdown));
        peer.socket.end();
      });
      const connection = await Connection.open(host, { timeoutMs: PATIENCE_MS });
      connection.end();
      expect((await connection.receive()).length).to.equal(16);
      expect(await connection.waitForClose()).to.equal('fin');
      await connection.close();
    });

    it('tells an end behind a whole PDU from one within it', async () => {
      host = await scriptedHost((peer) => void peer.socket.end(header(PTYPE.shutdown)));
      const whole = await Connection.open(host, { timeoutMs: PATIENCE_MS });
      expect((await whole.receiveOrEnd(Infinity, 'answer'))?.length).to.equal(16);
      expect(await whole.receiveOrEnd(Infinity, 'answer')).to.equal(null);
      await whole.close();
      await host.close();
      host = await scriptedHost((peer) => void peer.socket.end(header(PTYPE.shutdown).subarray(0, 15)));
      const cut = await Connection.open(host, { timeoutMs: PATIENCE_MS });
      const failure = await failureOf(cut.receiveOrEnd(Infinity, 'answer'));
      expect(failure.kind).to.equal('closed');
      expect(failure.message).to.include('within a PDU, 15 bytes into it');
      await cut.close();
    });

    it('leaves no timer behind', async () => {
      host = await goodHost();
      const timers = (): number =>
        process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
      const before = timers();
      const target = new KmsClient({ endpoint: host, timeoutMs: 5000 });
      for (let i = 0; i < 20; i++) await target.activate(request());
      await target.close();
      expect(timers()).to.equal(before);
    });
  });
});
