import { expect } from 'chai';
import { systemClock } from '../support/clock';
import { Random } from '../support/random';
import { machineRequest } from '../model/machine-request';
import { HostFailure, KmsClient, type KmsSession } from '.';
import { goodHost, type ScriptedHost } from './testing/scripted-host';

const request = (seed: number) =>
  machineRequest({ product: 'win7', random: new Random(seed), clock: systemClock });

describe('calls of several connections in one turn', () => {
  let host: ScriptedHost;
  let client: KmsClient;
  let sessions: KmsSession[];
  /** What was written, as connection and PTYPE, in order. */
  let written: [connection: number, ptype: number][];
  beforeEach(async () => {
    written = [];
    host = await goodHost();
    client = new KmsClient({
      endpoint: host,
      timeoutMs: 5000,
      observer: { sent: ({ index }, bytes) => void written.push([index, bytes[2]!]) },
    });
    sessions = await Promise.all([client.session(), client.session(), client.session()]);
    written = [];
  });
  afterEach(async () => {
    await client.close();
    await host.close();
  });

  it('go out at its end, in the order of the calls, and are dated when they do', async () => {
    await sessions[0]!.activate(request(1));
    written = [];
    const before = sessions[0]!.connection.time.nowNs();
    const calls = sessions.slice(1).map((session, i) => session.activate(request(2 + i)));
    expect(written).to.deep.equal([]);
    const exchanges = await Promise.all(calls);
    expect(written).to.deep.equal([
      [1, 0],
      [2, 0],
    ]);
    for (const { requestedAt, answeredAt, answer } of exchanges) {
      expect(answer?.kind).to.equal('response');
      expect(requestedAt >= before && answeredAt! >= requestedAt).to.equal(true);
    }
  });

  it('go out at once where one connection asks alone', async () => {
    await sessions[0]!.activate(request(1));
    written = [];
    const call = sessions[0]!.activate(request(2));
    expect(written).to.deep.equal([[0, 0]]);
    await call;
  });

  it('are overtaken by nothing that is sent on their connection', async () => {
    await sessions[0]!.activate(request(1));
    written = [];
    const call = sessions[1]!.activate(request(2));
    expect(written).to.deep.equal([]);
    await sessions[1]!.connection.send(Uint8Array.of(5, 0, 19));
    expect(written).to.deep.equal([
      [1, 0],
      [1, 19],
    ]);
    await call.catch((error: unknown) => expect(error).to.be.instanceOf(HostFailure));
  });

  for (const how of ['close', 'reset', 'destroy'] as const) {
    it(`are sent before ${how}, and fail as given up`, async () => {
      await sessions[0]!.activate(request(1));
      written = [];
      const call = sessions[1]!.activate(request(2));
      const ended = sessions[1]!.connection[how]();
      expect(written).to.deep.equal([[1, 0]]);
      const failure = await call.then(
        () => null,
        (error: unknown) => error as HostFailure,
      );
      expect([failure?.kind, failure?.pdus.sent.length]).to.deep.equal(['interrupted', 1]);
      await ended;
    });
  }
});
