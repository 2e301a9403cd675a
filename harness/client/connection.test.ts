import { expect } from 'chai';
import { createServer } from 'node:net';
import { PTYPE } from '../../protocol';
import { systemClock } from '../support/clock';
import { Random } from '../support/random';
import { header, silence } from '../testing/hostile-hosts';
import { machineRequest } from '../model/machine-request';
import { Connection, KmsClient } from '.';
import { failureOf } from './testing/failure-of';
import { goodHost, scriptedHost, type ScriptedHost } from './testing/scripted-host';

/** For hosts that let the client wait. */
const TIMEOUT_MS = 120;
/** For those that do not: a busy machine is no failure. */
const PATIENCE_MS = 5000;

describe('connections of the client', () => {
  let host: ScriptedHost | null = null;
  afterEach(async () => {
    await host?.close();
    host = null;
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
      for (let i = 0; i < 20; i++)
        await target.activate(machineRequest({ product: 'win7', random: new Random(1), clock: systemClock }));
      await target.close();
      expect(timers()).to.equal(before);
    });
  });
});
