import { expect } from 'chai';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { startLabHost } from '../harness/lab-host';
import type { SuiteOutcome } from '../harness/jobs/suite/run-suite';
import { openTarget, type Target } from '../harness/target';
import { Framer } from '../protocol';
import { CATALOGUE } from './catalogue';
import { idsWith, runOn, runOnLab } from './testing/lab-run';

/** A TCP server that does what it is told with each connection. */
class Impostor {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  constructor(serve: (socket: Socket) => void) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => {});
      serve(socket);
    });
  }

  async target(): Promise<Target> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return openTarget({ address: `127.0.0.1:${(this.#server.address() as AddressInfo).port}` });
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const TIMEOUT_MS = 600;

async function against(
  serve: (socket: Socket) => void,
  ids: readonly string[] = [],
): Promise<SuiteOutcome & { ms: number }> {
  const impostor = new Impostor(serve);
  const target = await impostor.target();
  const startedAt = performance.now();
  try {
    return { ...(await runOn(target, { ids, timeoutMs: TIMEOUT_MS })), ms: performance.now() - startedAt };
  } finally {
    await target.close();
    await impostor.close();
  }
}

/** Passes bytes on to a lab host of the moment. */
const forwardTo = (port: () => number) => (socket: Socket) => {
  const upstream = connect(port(), '127.0.0.1');
  upstream.on('error', () => socket.destroy());
  upstream.on('close', () => socket.end());
  socket.on('close', () => upstream.destroy());
  socket.pipe(upstream).pipe(socket);
};

/** Passes a lab host's PDUs on, and cuts those that `isCut` picks by type and place on the connection, with a true frag_length. */
const cutting =
  (port: number, octets: number, isCut: (ptype: number, nth: number) => boolean) => (socket: Socket) => {
    const upstream = connect(port, '127.0.0.1');
    const framer = new Framer();
    let nth = 0;
    upstream.on('error', () => socket.destroy());
    upstream.on('close', () => socket.end());
    socket.on('close', () => upstream.destroy());
    socket.pipe(upstream).on('data', (chunk) => {
      for (const pdu of framer.push(chunk)) {
        const sent = Buffer.from(isCut(pdu[2]!, nth++) ? pdu.subarray(0, octets) : pdu);
        sent.writeUInt16LE(sent.length, 8);
        socket.write(sent);
      }
    });
  };

describe('a target that is none, or dies', () => {
  it('that says nothing is told in one time to live, with nothing run', async () => {
    const run = await against(() => {});
    expect(run.ended.how).to.equal('target-unreachable');
    expect(run.ended.message).to.match(
      /sent no reply to the bind within|sent no answer to the request within/,
    );
    expect(run.ms).to.be.below(2.5 * TIMEOUT_MS);
    expect(idsWith('passed', run)).to.deep.equal([]);
    expect(run.results).to.have.length(CATALOGUE.length);
  });

  it('that closes, resets or answers garbage is not taken for a host', async () => {
    const ways = [(socket: Socket) => socket.end(), (socket: Socket) => socket.resetAndDestroy()];
    for (const way of ways) {
      const run = await against(way, ['MSG', 'CNT']);
      expect(run.ended.how).to.equal('target-unreachable');
      expect(idsWith('not-run', run).length).to.equal(run.results.length);
    }
  });

  it('that nothing listens at is unreachable', async () => {
    const target = await openTarget({ address: '127.0.0.1:1' });
    const run = await runOn(target, { ids: ['CNT'] });
    expect(run.ended.how).to.equal('target-unreachable');
    expect(
      run.results.every(({ outcome, reason }) => outcome === 'not-run' && /refused/.test(reason!)),
    ).to.equal(true);
  });

  it('that dies on the way leaves the rest not-run and the report whole', async () => {
    const lab = await startLabHost({});
    const target = await openTarget({ address: `127.0.0.1:${lab.port}` });
    const closing: Promise<void>[] = [];
    const run = await runOn(target, {
      timeoutMs: TIMEOUT_MS,
      onProgress: ({ done }) => {
        if (done === 10) closing.push(lab.close());
      },
    });
    await Promise.all(closing);
    expect(run.ended.how).to.equal('target-died');
    expect(run.results).to.have.length(CATALOGUE.length);
    expect(idsWith('not-run', run).length).to.be.above(20);
    const died = run.results.filter(({ reason }) =>
      reason?.startsWith('the host died before: it stopped answering'),
    );
    expect(died.length).to.be.above(20);
  });

  it('that falls silent on the way is told in one time to live, not in one a scenario', async () => {
    const lab = await startLabHost({});
    let silent = false;
    let silentAt = 0;
    const impostor = new Impostor((socket) => {
      if (!silent) forwardTo(() => lab.port)(socket);
    });
    const target = await impostor.target();
    const onProgress = ({ done }: { done: number }): void => {
      if (done < 10 || silent) return;
      silent = true;
      silentAt = performance.now();
    };
    const run = await runOn(target, { timeoutMs: TIMEOUT_MS, onProgress });
    expect(run.ended.how).to.equal('target-died');
    expect(performance.now() - silentAt).to.be.below(4 * TIMEOUT_MS);
    await target.close();
    await impostor.close();
    await lab.close();
  });

  it('a flaky host is failed and marked', async () => {
    const [good, bad] = [await startLabHost({}), await startLabHost({ faults: ['intervals-swapped'] })];
    let runs = 0;
    const impostor = new Impostor(forwardTo(() => (runs % 2 === 1 ? bad.port : good.port)));
    const target = await impostor.target();
    const onProgress = ({ id }: { id: string }): void => {
      if (id === 'TIME-02') runs++;
    };
    const { results } = await runOn(target, { ids: ['TIME-02', 'TIME-05'], repeat: 3, onProgress });
    const [interval, close] = results;
    expect(interval).to.include({ outcome: 'failed', flaky: true });
    expect(interval!.attempts!.map(({ outcome }) => outcome)).to.deep.equal(['passed', 'failed', 'passed']);
    expect(close).to.include({ outcome: 'passed' }).and.not.have.property('flaky');
    await target.close();
    await impostor.close();
    await good.close();
    await bad.close();
  });

  for (const [id, octets, isCut, field] of [
    ['RPC-25', 18, (ptype: number) => ptype === 13, 'versionCount'],
    ['RPC-28', 20, (ptype: number, nth: number) => ptype === 2 && nth >= 3, 'contextId'],
  ] as const) {
    it(`that sends a PDU which does not decode fails ${id}, with the field that is missing`, async () => {
      const lab = await startLabHost({});
      const { results } = await against(cutting(lab.port, octets, isCut), [id]);
      await lab.close();
      const result = results.find((one) => one.id === id)!;
      expect(result.outcome, result.reason).to.equal('failed');
      expect(result.message).to.match(
        new RegExp(`the host sent a PDU that does not decode \\(rpc\\.\\w+\\.${field} at offset `),
      );
    });
  }

  it('an interrupted run reports what it has', async () => {
    const interruption = new AbortController();
    const onProgress = ({ done }: { done: number }): void => {
      if (done === 5) interruption.abort();
    };
    const run = await runOnLab({ signal: interruption.signal, onProgress });
    expect(run.ended.how).to.equal('interrupted');
    expect(run.results).to.have.length(CATALOGUE.length);
    expect(idsWith('failed', run)).to.deep.equal([]);
    expect(idsWith('not-run', run).length).to.be.above(20);
  });
});

describe('what a failure tells', () => {
  it('what was sent, what was expected, what came, and the source', async () => {
    const { results } = await runOnLab({ ids: ['CNT-07'], faults: ['servers-apart'] });
    const [failure] = results;
    expect(failure!.message).to.match(
      /^sent a request of server 1 \(CMID [0-9a-f-]{36}, N_Policy 5\); the server after 3 clients: expected 4, received 1; clients and servers share one table \(understanding-kms 2\.2; volume-activation-article, editor's note\)$/,
    );
    expect(failure).to.include({ expected: '4', received: '1', repeat: 'kmsspec run CNT-07' });
    expect(failure!.failureClass).to.equal('the server after 3 clients: expected 4, received 1');
    expect(failure!.evidence!.map(({ direction, pdu }) => `${direction} ${pdu}`).slice(-2)).to.deep.equal([
      'sent request',
      'received response',
    ]);
  });

  it('of a host that grants no Office, which application and product were asked for, and its answer', async () => {
    const lab = await startLabHost({ keyGroup: 'r2-c' });
    const { results } = await against(
      forwardTo(() => lab.port),
      ['CNT-14'],
    );
    await lab.close();
    expect(results[0]).to.include({ outcome: 'inconclusive' });
    expect(results[0]!.reason).to.match(
      /^the host does not grant Office \(AppID 59a52881-[0-9a-f-]{27}, KMSID e85af946-[0-9a-f-]{27}\): it answers .*0xC004F042/,
    );
  });
});
