import { expect } from 'chai';
import { KMS_INTERFACE, type KmsRequestInput, PFC } from '../../protocol';
import { systemClock, VirtualClock } from '../support/clock';
import { Random } from '../support/random';
import {
  Association,
  type Closing,
  Connection,
  type ConnectionObserver,
  HostFailure,
  KmsClient,
  offerBind,
} from '.';
import { machineRequest } from '../model/machine-request';
import { bindAck, goodHost, response, scriptedHost, type ScriptedHost } from './testing/scripted-host';

/** Every bind of the corpus, byte by byte but for its call_id (2 there). */
const RECORDED_BIND =
  '05000b1310000000a000000002000000d016d0160000000003000000' +
  '000001007521c8514e845047b0d8ec255555bc0601000000045d888aeb1cc9119fe808002b10486002000000' +
  '010001007521c8514e845047b0d8ec255555bc060100000033057171babe37498319b5dbef9ccc3601000000' +
  '020001007521c8514e845047b0d8ec255555bc06010000002c1cb76c12984045030000000000000001000000';
/** The alter_context of v4-one-connection-ndr64. */
const RECORDED_ALTER_CONTEXT =
  '05000e13100000004800000002000000d016d0160000000001000000' +
  '000001007521c8514e845047b0d8ec255555bc0601000000045d888aeb1cc9119fe808002b10486002000000';

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const request = (seed = 1): KmsRequestInput =>
  machineRequest({ product: 'win7', random: new Random(seed), clock: systemClock });

describe('client', () => {
  let host: ScriptedHost | null = null;
  const clients: KmsClient[] = [];
  const clientOf = (endpoint: ScriptedHost, options: object = {}): KmsClient => {
    const client = new KmsClient({ endpoint, timeoutMs: 1000, ...options });
    clients.push(client);
    return client;
  };
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await host?.close();
    host = null;
  });

  it('binds as recorded clients do', () => {
    expect(hexOf(offerBind({ callId: 2 }).pdu)).to.equal(RECORDED_BIND);
  });

  it('alters the context as recorded clients do', async () => {
    let altered = '';
    host = await scriptedHost(async (peer) => {
      await peer.acceptBind();
      peer.socket.once('data', (bytes: Buffer) => (altered = bytes.toString('hex')));
      const pdu = await peer.next();
      if (pdu?.kind === 'alterContext') peer.send(bindAck(pdu));
    });
    const session = await clientOf(host).session({ callId: 2 });
    const results = await session.association.alterContext();
    expect(altered).to.equal(RECORDED_ALTER_CONTEXT);
    expect(results.map(({ result }) => result)).to.deep.equal([0]);
  });

  it('takes a connection a request, and closes each with FIN', async () => {
    host = await goodHost();
    const client = clientOf(host);
    const exchanges = [await client.activate(request(1)), await client.activate(request(2))];
    expect(exchanges.map(({ index, connection }) => [index, connection])).to.deep.equal([
      [0, 0],
      [1, 1],
    ]);
    expect(
      exchanges.map(({ answer }) => answer?.kind === 'response' && answer.value.currentClientCount),
    ).to.deep.equal([1, 2]);
    const [first] = exchanges;
    expect(first!.host).to.equal(`127.0.0.1:${host.port}`);
    expect(first!.client).to.match(/^127\.0\.0\.1:\d+$/);
    expect(first!.transferSyntax).to.equal('ndr32');
    expect(Number(first!.answeredAt! - first!.requestedAt)).to.be.within(0, 1e9);
    expect(Math.abs(Number(first!.requestedAt / 1_000_000n) - Date.now())).to.be.lessThan(5000);
    expect(first!.request.content.kind).to.equal('clear');
    await client.close();
    expect(host.total()).to.equal(2);
  });

  it('keeps a connection for many requests, each with a call_id of its own', async () => {
    host = await goodHost();
    const session = await clientOf(host).session();
    const callIds = [];
    for (let i = 0; i < 5; i++) callIds.push((await session.activate(request(i))).callId);
    expect(callIds).to.deep.equal([1, 2, 3, 4, 5]);
    expect(host.total()).to.equal(1);
    await session.close();
  });

  it('uses the time it is given', async () => {
    host = await goodHost();
    const clock = new VirtualClock(Date.UTC(2008, 1, 29));
    const client = clientOf(host, { clock });
    const before = await client.activate(request());
    expect(before.requestedAt / 1_000_000_000n).to.equal(BigInt(Date.UTC(2008, 1, 29) / 1000));
    clock.advance(3600);
    const after = await client.activate(request());
    expect(Number((after.requestedAt - before.requestedAt) / 1_000_000_000n)).to.be.within(3599, 3605);
  });

  describe('framing', () => {
    const variants: [string, object][] = [
      ['fragments of one byte of stub', { maxStubPerFragment: 1 }],
      ['fragments of 100 bytes', { maxStubPerFragment: 100 }],
      ['segments of one byte', { segmentBytes: 1 }],
      ['a call_id of 0', { callId: 0 }],
      ['the largest call_id', { callId: 0xffffffff }],
      ['an alloc_hint of 0', { allocHint: 0 }],
      ['fragments in segments', { maxStubPerFragment: 64, segmentBytes: 7 }],
    ];
    for (const [name, options] of variants) {
      it(`sends ${name}`, async () => {
        let stub = 0;
        host = await scriptedHost(async (peer) => {
          await peer.acceptBind();
          for (let pdu = await peer.next(); pdu?.kind === 'request'; pdu = await peer.next()) {
            stub += pdu.body.stub.length;
            if ((pdu.header.pfcFlags & PFC.lastFrag) === 0) continue;
            const joined = { ...pdu, body: { ...pdu.body, stub: Buffer.alloc(260) } };
            peer.send(response(joined, stub));
          }
          peer.socket.end();
        });
        const exchange = await clientOf(host).activate(request(), options);
        expect(exchange.answer?.kind === 'response' && exchange.answer.value.currentClientCount).to.equal(
          260,
        );
        if ('callId' in options) expect(exchange.callId).to.equal(options.callId);
        expect(exchange.request.bytes).to.have.length(252);
        expect(exchange.pdus.sent.length).to.equal(
          'maxStubPerFragment' in options ? Math.ceil(260 / (options.maxStubPerFragment as number)) : 1,
        );
      });
    }

    it('takes ten answers that come in one segment, and an answer in one-byte segments', async () => {
      host = await scriptedHost(async (peer) => {
        const first = await peer.bound();
        if (first === null) return;
        const ahead = Array.from({ length: 10 }, (_, i) => ({
          ...first,
          header: { ...first.header, callId: first.header.callId + i },
        }));
        peer.send(Buffer.concat(ahead.map((pdu, i) => response(pdu, i + 1))));
        const eleventh = { ...first, header: { ...first.header, callId: first.header.callId + 10 } };
        for (let i = 0; i < 10; i++) await peer.next();
        await peer.sendInPieces(response(eleventh, 11));
      });
      const session = await clientOf(host).session();
      const counts = [];
      for (let i = 0; i < 11; i++) {
        const { answer } = await session.activate(request(i));
        counts.push(answer?.kind === 'response' ? answer.value.currentClientCount : answer);
      }
      expect(counts).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    });

    it('joins an answer in fragments', async () => {
      host = await scriptedHost(async (peer) => {
        const call = await peer.bound();
        if (call === null) return;
        const whole = Buffer.from(response(call, 7));
        const stub = whole.subarray(24);
        const parts = [stub.subarray(0, 1), stub.subarray(1, 100), stub.subarray(100)];
        for (const [i, part] of parts.entries()) {
          const header = Buffer.from(whole.subarray(0, 24));
          header[3] = (i === 0 ? 1 : 0) | (i === 2 ? 2 : 0);
          header.writeUInt16LE(24 + part.length, 8);
          peer.send(Buffer.concat([header, part]));
        }
      });
      const { answer, pdus } = await clientOf(host).activate(request());
      expect(answer?.kind === 'response' && answer.value.currentClientCount).to.equal(7);
      expect(pdus.received).to.have.length(3);
    });
  });

  it('makes an association where no context was accepted, and says so at the call', async () => {
    host = await goodHost();
    const connection = await Connection.open(host, { timeoutMs: 500 });
    const unknown = { ...KMS_INTERFACE, uuid: '00000000-1111-2222-3333-444444444444' };
    const association = await Association.bind(connection, { interface: unknown, btfn: null });
    expect(association.accepted).to.equal(null);
    expect(association.results.map(({ result, reason }) => [result, reason])).to.deep.equal([
      [2, 1],
      [2, 1],
    ]);
    expect(() => association.transferSyntax).to.throw(HostFailure, 'accepted no presentation context');
    await connection.close();
  });

  it('tells an observer all that goes over connections', async () => {
    host = await goodHost();
    const seen: string[] = [];
    const bytes = { sent: 0, received: 0 };
    const observer: ConnectionObserver = {
      opened: ({ index }) => void seen.push(`opened ${index}`),
      sent: (_connection, chunk) => ((bytes.sent += chunk.length), void seen.push('sent')),
      received: (_connection, chunk) => void (bytes.received += chunk.length),
      closed: (_connection, how: Closing) => void seen.push(how),
    };
    const client = clientOf(host, { observer });
    await client.activate(request());
    await client.close();
    expect(seen).to.deep.equal(['opened 0', 'sent', 'sent', 'local-fin']);
    expect(bytes).to.deep.equal({ sent: 160 + 284, received: 108 + 200 });
  });

  it('uses source addresses in turn', async () => {
    host = await goodHost();
    const client = clientOf(host, { localAddresses: ['127.0.0.2', '127.0.0.3'], closeWith: 'reset' });
    const sources = [];
    for (let i = 0; i < 3; i++) sources.push((await client.activate(request(i))).client.split(':')[0]);
    expect(sources).to.deep.equal(['127.0.0.2', '127.0.0.3', '127.0.0.2']);
  });

  it('reaches a name by whichever of its addresses answers', async () => {
    host = await goodHost();
    const endpoint = { host: 'kms.invalid', port: host.port, addresses: ['::1', '127.0.0.1'] };
    const client = new KmsClient({ endpoint, timeoutMs: 2000 });
    clients.push(client);
    expect((await client.activate(request())).host).to.equal(`127.0.0.1:${host.port}`);
  });

  it('talks IPv6', async () => {
    host = await goodHost('::1');
    expect((await clientOf(host).activate(request())).host).to.equal(`[::1]:${host.port}`);
  });
});
