import { expect } from 'chai';
import type { Exchange } from '../../protocol';
import { machineRequest } from '../model/machine-request';
import { systemClock } from '../support/clock';
import { Random } from '../support/random';
import { HostFailure } from './host-failure';
import { KeptConnection } from './kept-connection';
import { KmsClient } from './kms-client';
import { type Peer, response, type ScriptedHost, scriptedHost } from './testing/scripted-host';

const request = machineRequest({ product: 'win7', random: new Random(1), clock: systemClock });
const countOf = ({ answer }: Exchange): number =>
  answer?.kind === 'response' ? answer.value.currentClientCount : -1;

/** Answers the first request of each connection, then does as told with the one behind it. */
const answersOnce =
  (then: (peer: Peer) => void | Promise<void>) =>
  async (peer: Peer, index: number): Promise<void> => {
    const first = await peer.bound();
    if (first === null) return;
    peer.send(response(first, index + 1));
    await then(peer);
  };

const reset = (peer: Peer): void => void peer.socket.resetAndDestroy();

const ENDINGS: Readonly<Record<string, (peer: Peer) => void | Promise<void>>> = {
  'with FIN at once': (peer) => void peer.socket.end(),
  'with FIN when the next request has come': async (peer) => {
    await peer.next();
    peer.socket.end();
  },
  'with RST when the next request has come': async (peer) => {
    await peer.next();
    reset(peer);
  },
};

describe('a kept connection', () => {
  let host: ScriptedHost;
  let client: KmsClient;
  const open = async (script: (peer: Peer, index: number) => Promise<void>): Promise<void> => {
    host = await scriptedHost(script);
    client = new KmsClient({ endpoint: host, timeoutMs: 5000 });
  };

  afterEach(async () => {
    await client.close();
    await host.close();
  });

  for (const [how, ending] of Object.entries(ENDINGS)) {
    it(`sends a request again where the host closed behind an answer ${how}`, async () => {
      await open(answersOnce(ending));
      let unanswered = 0;
      const kept = new KeptConnection(client, { onUnanswered: () => unanswered++ });
      const counts: number[] = [];
      for (let i = 0; i < 20; i++) counts.push(countOf(await kept.activate(request)));
      expect(counts).to.deep.equal(Array.from({ length: 20 }, (_, i) => i + 1));
      expect(host.total()).to.equal(20);
      expect(unanswered).to.equal(how === 'with FIN at once' ? unanswered : 19);
    });
  }

  it('keeps what the host keeps', async () => {
    await open(async (peer) => {
      await peer.acceptBind();
      for (let pdu = await peer.next(), n = 0; pdu?.kind === 'request'; pdu = await peer.next()) {
        peer.send(response(pdu, ++n));
      }
    });
    const kept = new KeptConnection(client);
    const counts: number[] = [];
    for (let i = 0; i < 5; i++) counts.push(countOf(await kept.activate(request)));
    await kept.close();
    expect(counts).to.deep.equal([1, 2, 3, 4, 5]);
    expect(host.total()).to.equal(1);
    await host.allClosed();
  });

  it('takes a host that ends a connection before its first answer to have failed', async () => {
    await open(async (peer) => {
      await peer.bound();
      peer.socket.end();
    });
    const kept = new KeptConnection(client);
    for (let i = 1; i <= 2; i++) {
      const failure = await kept.activate(request).catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(HostFailure);
      expect((failure as HostFailure).kind).to.equal('closed');
      expect(host.total()).to.equal(i);
    }
  });

  for (const bytes of [1, 15, 100]) {
    it(`takes an answer that ends after ${bytes} bytes for a failure, and sends nothing again`, async () => {
      await open(
        answersOnce(async (peer) => {
          const next = await peer.next();
          if (next?.kind === 'request') peer.send(response(next, 2).subarray(0, bytes));
          peer.socket.end();
        }),
      );
      const kept = new KeptConnection(client);
      await kept.activate(request);
      const failure = (await kept.activate(request).catch((error: unknown) => error)) as HostFailure;
      expect([failure.kind, failure.partialBytes]).to.deep.equal(['closed', bytes]);
      expect(host.total()).to.equal(1);
    });
  }
});
