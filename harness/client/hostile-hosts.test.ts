import { expect } from 'chai';
import { createServer } from 'node:net';
import {
  BIND_NAK_REASONS,
  encodePdu,
  FAULT_EXTENDED_ERROR,
  type KmsRequestInput,
  PTYPE,
} from '../../protocol';
import { systemClock } from '../clock';
import { Random } from '../random';
import { Connection, type FailureKind, HostFailure, KmsClient, machineRequest, type Stage } from '.';
import {
  bindAck,
  goodHost,
  type Peer,
  response,
  scriptedHost,
  type ScriptedHost,
} from './testing/scripted-host';

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

/** Silence that ends when the client goes away. */
const silence = async (peer: Peer): Promise<void> => {
  while ((await peer.next()) !== null);
};

interface Behaviour {
  readonly name: string;
  readonly script: (peer: Peer) => Promise<void> | void;
  readonly kind: FailureKind;
  readonly stage: Stage | RegExp;
  readonly message?: RegExp;
}

const afterBind =
  (then: (peer: Peer, answer: Buffer) => Promise<void> | void) =>
  async (peer: Peer): Promise<void> => {
    const call = await peer.bound();
    if (call !== null) await then(peer, Buffer.from(response(call)));
  };

/** An answer with some of its bytes overwritten. */
const altered = (at: number, ...octets: number[]) =>
  afterBind((peer, answer) => {
    answer.set(octets, at);
    peer.send(answer);
  });

const header = (ptype: number, callId = 1, length = 16): Buffer => {
  const bytes = Buffer.alloc(length);
  bytes.set([5, 0, ptype, 3, 0x10]);
  bytes.writeUInt16LE(length, 8);
  bytes.writeUInt32LE(callId, 12);
  return bytes;
};

const BEHAVIOURS: Behaviour[] = [
  { name: 'is silent after accepting', script: silence, kind: 'timed-out', stage: 'bind' },
  { name: 'is silent after the bind', script: afterBind(silence), kind: 'timed-out', stage: 'answer' },
  { name: 'closes at once', script: (peer) => void peer.socket.end(), kind: 'closed', stage: 'bind' },
  {
    name: 'resets at once',
    script: (peer) => void peer.socket.resetAndDestroy(),
    kind: 'reset',
    stage: /connect|bind/,
  },
  {
    name: 'closes after the bind',
    script: async (peer) => {
      await peer.acceptBind();
      peer.socket.end();
    },
    kind: 'closed',
    stage: 'answer',
  },
  {
    name: 'closes after the request',
    script: afterBind((peer) => void peer.socket.end()),
    kind: 'closed',
    stage: 'answer',
  },
  {
    name: 'resets after the request',
    script: afterBind((peer) => void peer.socket.resetAndDestroy()),
    kind: 'reset',
    stage: 'answer',
  },
  {
    name: 'greets with HTTP',
    script: (peer) => peer.send(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')),
    kind: 'garbage',
    stage: 'bind',
    message: /rpc\.header\.rpcVers at offset 0/,
  },
  {
    name: 'answers zeros',
    script: afterBind((peer) => peer.send(Buffer.alloc(200))),
    kind: 'garbage',
    stage: 'answer',
  },
  {
    name: 'claims a PDU of 0 bytes',
    script: altered(8, 0, 0),
    kind: 'garbage',
    stage: 'answer',
    message: /fragLength/,
  },
  {
    name: 'claims a PDU of 15 bytes',
    script: altered(8, 15, 0),
    kind: 'garbage',
    stage: 'answer',
    message: /fragLength/,
  },
  {
    name: 'claims a PDU of 16 bytes',
    script: altered(8, 16, 0),
    kind: 'garbage',
    stage: 'answer',
    message: /truncated/,
  },
  {
    name: 'claims a PDU of 65535 bytes',
    script: altered(8, 0xff, 0xff),
    kind: 'timed-out',
    stage: 'answer',
    message: /200 bytes/,
  },
  {
    name: 'claims an auth_length beyond the PDU',
    script: altered(10, 0xff, 0xff),
    kind: 'garbage',
    stage: 'answer',
    message: /authLength/,
  },
  {
    name: 'answers another call',
    script: altered(12, 99),
    kind: 'unexpected-pdu',
    stage: 'answer',
    message: /response of call 99 instead of .* call 1/,
  },
  {
    name: 'answers with a request',
    script: altered(2, PTYPE.request),
    kind: 'unexpected-pdu',
    stage: 'answer',
  },
  {
    name: 'answers with an unknown ptype',
    script: altered(2, 77),
    kind: 'unexpected-pdu',
    stage: 'answer',
    message: /ptype 77/,
  },
  { name: 'answers with RPC version 4', script: altered(0, 4), kind: 'garbage', stage: 'answer' },
  {
    name: 'sends shutdown instead of an answer',
    script: afterBind((peer) => peer.send(header(PTYPE.shutdown))),
    kind: 'unexpected-pdu',
    stage: 'answer',
    message: /shutdown/,
  },
  {
    name: 'sends co_cancel',
    script: afterBind((peer) => peer.send(header(PTYPE.coCancel))),
    kind: 'unexpected-pdu',
    stage: 'answer',
  },
  {
    name: 'answers the bind with a response',
    script: async (peer) => {
      await peer.next();
      peer.send(header(PTYPE.response, 1, 24));
    },
    kind: 'unexpected-pdu',
    stage: 'bind',
  },
  {
    name: 'answers the bind of another call',
    script: async (peer) => {
      const bind = await peer.next();
      if (bind?.kind === 'bind') peer.send({ ...bindAck(bind), header: { callId: 5 } });
    },
    kind: 'unexpected-pdu',
    stage: 'bind',
  },
  {
    name: 'answers fewer contexts than were offered',
    script: async (peer) => {
      const bind = await peer.next();
      if (bind?.kind === 'bind')
        peer.send(bindAck({ ...bind, body: { ...bind.body, contexts: bind.body.contexts.slice(1) } }));
    },
    kind: 'garbage',
    stage: 'bind',
    message: /2/,
  },
  {
    name: 'claims more results than there are',
    script: async (peer) => {
      const bind = await peer.next();
      if (bind?.kind !== 'bind') return;
      const ack = Buffer.from(encodePdu(bindAck(bind)));
      ack[32] = 255;
      peer.send(ack);
    },
    kind: 'garbage',
    stage: 'bind',
    message: /truncated/,
  },
  {
    name: 'accepts no context',
    script: async (peer) => {
      const bind = await peer.next();
      if (bind?.kind !== 'bind') return;
      const ack = Buffer.from(encodePdu(bindAck(bind)));
      for (const at of [36, 60, 84]) ack.writeUInt32LE(0x00020002, at);
      peer.send(ack);
      await silence(peer);
    },
    kind: 'rejected',
    stage: 'bind',
    message: /no presentation context/,
  },
  {
    name: 'sends a byte in every tenth of the time',
    script: afterBind(async (peer, answer) => {
      for (let at = 0; at < answer.length && !peer.socket.destroyed; at++) {
        peer.send(answer.subarray(at, at + 1));
        await new Promise<void>((resolve) => setTimeout(resolve, TIMEOUT_MS / 10));
      }
    }),
    kind: 'timed-out',
    stage: 'answer',
    message: /sent only \d+ bytes of a PDU/,
  },
  {
    name: 'sends fragments without end',
    script: afterBind((peer, answer) => {
      answer[3] = 1;
      peer.send(answer);
      answer[3] = 0;
      const many = Buffer.concat(Array.from({ length: 500 }, () => answer));
      for (let i = 0; i < 100 && !peer.socket.destroyed; i++) peer.send(many);
    }),
    kind: 'garbage',
    stage: 'answer',
    message: /too-long/,
  },
  {
    name: 'sends a later fragment first',
    script: altered(3, 2),
    kind: 'garbage',
    stage: 'answer',
    message: /fragments that do not join/,
  },
  {
    name: 'sends two first fragments',
    script: afterBind((peer, answer) => {
      answer[3] = 1;
      peer.send(Buffer.concat([answer, answer]));
    }),
    kind: 'garbage',
    stage: 'answer',
    message: /fragments that do not join/,
  },
];

for (const [reason, name] of Object.entries(BIND_NAK_REASONS)) {
  BEHAVIOURS.push({
    name: `sends bind_nak: ${name}`,
    script: async (peer) => {
      const bind = await peer.next();
      if (bind !== null)
        peer.send({ kind: 'bindNak', header: { callId: 1 }, body: { reason: Number(reason), versions: [] } });
    },
    kind: 'rejected',
    stage: 'bind',
    message: new RegExp(`bind_nak: ${name}`),
  });
}

describe('hostile hosts', () => {
  let host: ScriptedHost | null = null;
  let client: KmsClient | null = null;
  const meet = async (script: Behaviour['script'], timeoutMs = PATIENCE_MS): Promise<KmsClient> => {
    host = await scriptedHost(script);
    client = new KmsClient({ endpoint: host, timeoutMs });
    return client;
  };
  /** Nothing is left behind: every socket of the client is gone when `close` resolves. */
  afterEach(async () => {
    await client?.close();
    for (let turn = 0; (host?.open() ?? 0) > 0 && turn < 400; turn++) {
      await new Promise<void>((resolve) => setTimeout(resolve, 5));
    }
    expect(host?.open() ?? 0).to.equal(0);
    await host?.close();
    host = client = null;
  });

  for (const { name, script, kind, stage, message } of BEHAVIOURS) {
    it(`tells a host that ${name}: ${kind} at ${String(stage)}`, async () => {
      const started = performance.now();
      const target = await meet(script, kind === 'timed-out' ? TIMEOUT_MS : PATIENCE_MS);
      const failure = await failureOf(target.activate(request()));
      expect(failure.kind).to.equal(kind);
      expect(failure.stage).to.match(stage instanceof RegExp ? stage : new RegExp(`^${stage}$`));
      if (message !== undefined) expect(failure.message).to.match(message);
      expect(failure.message).to.contain(`127.0.0.1:${host!.port}`).and.not.contain('\n');
      if (kind === 'timed-out') expect(performance.now() - started).to.be.lessThan(LIMIT_MS);
    });
  }

  it('tells a reset or a close at each byte of an answer', async () => {
    let cut = 0;
    let how: 'end' | 'resetAndDestroy' = 'end';
    const target = await meet(
      afterBind((peer, answer) => {
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

  const lies: [string, number, number[], RegExp][] = [
    ['a maxCount beyond the stub', 32, [0xff], /^stub\.response\.message truncated$/],
    ['a maxCount of 2^32-1', 32, [0xff, 0xff, 0xff, 0xff], /^stub\.response\.message truncated$/],
    ['a PIDSize beyond the message', 40, [0xff], /^kms\.response\.ePid truncated$/],
    ['a PIDSize of 2^32-1', 40, [0xff, 0xff, 0xff, 0xff], /^kms\.response\.ePid truncated$/],
    ['a PIDSize of 0', 40, [0], /^kms\.response trailing$/],
  ];
  for (const [name, at, octets, told] of lies) {
    it(`tells ${name} as a malformed answer with its field`, async () => {
      const { answer } = await (await meet(altered(at, ...octets))).activate(request());
      expect(answer?.kind).to.equal('malformed');
      if (answer?.kind === 'malformed') expect(`${answer.error.path} ${answer.error.code}`).to.match(told);
    });
  }

  it('takes a fault with extended error information as an exchange', async () => {
    const target = await meet(
      afterBind((peer) => {
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
      afterBind(async (peer, answer) => {
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
      const filler = header(PTYPE.response, 99, 60_000);
      while (!peer.socket.destroyed && sent < 100e6) {
        if (!peer.socket.write(filler)) {
          await new Promise<void>((resolve) =>
            peer.socket.once('drain', resolve).once('close', () => resolve()),
          );
        }
        sent += filler.length;
      }
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
