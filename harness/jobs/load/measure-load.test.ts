import { expect } from 'chai';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { latencySchema } from '../../../reports/results/sections';
import { histogramOf } from '../../../reports/results/latency';
import { KmsClient } from '../../client';
import { type LabHost, startLabHost } from '../../lab-host';
import { PROFILES } from '../../model/profile';
import { UsageError } from '../../support/usage-error';
import { holdDripping, holdIdle, secondsUntilIdleClose } from './idle';
import { type MeasureLoadOptions, type LoadResult, measureLoad } from './measure-load';
import { startStallingHost } from './testing/stalling-host';

/** In this thread: quicker to start, and the loads here are small. */
const load = (options: MeasureLoadOptions): Promise<LoadResult> => measureLoad({ threads: 0, ...options });

const at = (port: number) => ({ host: '127.0.0.1', port });

describe('load', () => {
  let host: LabHost;
  beforeEach(async () => {
    host = await startLabHost();
  });
  afterEach(() => host.close());

  it('holds a rate, one connection a request, and checks every count', async () => {
    const { latency, answered, failed, wrongCounts } = await load({
      endpoint: at(host.port),
      rate: { from: 200, to: 200 },
      durationMs: 1000,
      fresh: true,
    });
    expect([answered, failed, wrongCounts]).to.deep.equal([200, 0, 0]);
    expect(latency.requests).to.equal(200);
    // A machine that is busy answers the last ones late, and the rate that is told is lower by that.
    expect(latency.durationMs).to.be.at.least(1000);
    expect(latency.achievedPerSecond).to.be.closeTo((200 / latency.durationMs) * 1000, 1e-6);
    expect(latency.askedPerSecond).to.equal(200);
    expect(latency.series.map(({ name, corrected }) => [name, corrected])).to.deep.equal([
      ['from the intended start', true],
      ['from the actual start', false],
    ]);
    expect(latencySchema.safeParse(latency).success).to.equal(true);
    expect(histogramOf(latency.series[0]!).totalCount).to.equal(200);
  });

  it('goes as fast as kept connections do where no rate is asked for', async () => {
    const { latency, answered } = await load({
      endpoint: at(host.port),
      rate: null,
      mode: 'kept',
      connections: 4,
      durationMs: 300,
      fresh: true,
    });
    // The usual rate of 100 a second would come to 30.
    expect(answered).to.be.above(30);
    expect(latency).to.include({ askedPerSecond: null, connections: 4 });
    expect(latency.series).to.have.lengthOf(1);
    expect(latency.failures).to.deep.equal([]);
  });

  it('adds up what threads measured, and takes turns among them', async () => {
    const { answered, failed, latency } = await measureLoad({
      endpoint: at(host.port),
      rate: { from: 100, to: 300 },
      durationMs: 1000,
      threads: 2,
      connections: 8,
      mode: 'kept',
      fresh: true,
    });
    expect([answered, failed]).to.deep.equal([200, 0]);
    expect(latency.askedPerSecond).to.equal(200);
    expect(histogramOf(latency.series[1]!).totalCount).to.equal(200);
  }).timeout(30_000);

  it('counts, over all threads, just what the host was asked', async () => {
    const before = await host.controls.observe();
    const { answered, failed, latency, history } = await measureLoad({
      endpoint: at(host.port),
      rate: null,
      durationMs: 400,
      threads: 3,
      connections: 7,
      mode: 'kept',
      fresh: true,
    });
    const after = await host.controls.observe();
    expect(after.totalRequests! - before.totalRequests!).to.equal(answered);
    expect([failed, latency.requests]).to.deep.equal([0, answered]);
    expect(histogramOf(latency.series[0]!).totalCount).to.equal(answered);
    expect(history!.judged).to.equal(answered);
  }).timeout(30_000);

  it('leaves ramp and warm-up out of what it measures', async () => {
    const { answered } = await load({
      endpoint: at(host.port),
      rate: { from: 100, to: 100 },
      rampMs: 400,
      warmupMs: 300,
      durationMs: 500,
    });
    expect(answered).to.equal(50);
  });

  it('shows a stall of 1.4 s in the corrected p99, and hardly in the other', async () => {
    const stalling = await startStallingHost(host.port, { afterMs: 1000, forMs: 1400 });
    try {
      const { latency, p99Ms, failed } = await load({
        endpoint: at(stalling.port),
        rate: { from: 250, to: 250 },
        durationMs: 4000,
        mode: 'kept',
        connections: 4,
      });
      const [corrected, actual] = latency.series.map(
        ({ percentiles }) => percentiles.find(({ percentile }) => percentile === 99)!.ms,
      );
      expect(failed).to.equal(0);
      expect(p99Ms).to.equal(corrected);
      expect(corrected).to.be.within(1200, 1800);
      expect(actual).to.be.below(400);
      expect(latency.series[1]!.maxMs).to.be.above(1300);
    } finally {
      await stalling.close();
    }
  }).timeout(20_000);

  it('tells failures by class, and timed out requests by the time that they took', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    try {
      const { latency, answered } = await load({
        endpoint: at(port),
        rate: { from: 50, to: 50 },
        durationMs: 200,
        timeoutMs: 150,
      });
      expect(answered).to.equal(0);
      expect(latency.failures).to.deep.equal([{ class: 'timed-out (bind)', count: 10 }]);
      expect(latency.series[0]!.minMs).to.be.within(140, 400);
    } finally {
      silent.close();
    }
    const gone = await load({ endpoint: at(port), rate: { from: 50, to: 50 }, durationMs: 100 });
    expect(gone.latency.failures).to.deep.equal([{ class: 'refused (connect)', count: 5 }]);
  });

  it('counts what found no connection in time as not sent', async () => {
    const stalling = await startStallingHost(host.port, { afterMs: 100, forMs: 60_000 });
    try {
      const { latency } = await load({
        endpoint: at(stalling.port),
        rate: { from: 100, to: 100 },
        durationMs: 500,
        mode: 'kept',
        connections: 2,
        timeoutMs: 1500,
      });
      const notSent = latency.failures.find(({ class: name }) => name.startsWith('not sent'));
      expect(notSent?.count).to.be.within(30, 48);
      expect(latency.requests).to.equal(50);
    } finally {
      await stalling.close();
    }
  }).timeout(20_000);

  it('tells counts that no order of the requests explains', async () => {
    const other = await startLabHost({ profile: PROFILES['win7-2008r2'] });
    try {
      const options = { endpoint: at(other.port), rate: { from: 100, to: 100 }, durationMs: 200 };
      await load({ ...options, machines: 7, seed: 1 });
      const { wrongCounts, firstWrongCount, latency } = await load({
        ...options,
        machines: 3,
        seed: 2,
        fresh: true,
        // One at a time: how many were sent by the first answer does not depend on how quick the machine is.
        connections: 1,
      });
      expect(wrongCounts).to.be.above(10);
      expect(firstWrongCount).to.equal('a count of 8 where the model allows 1 to 1');
      expect(latency.failures[0]).to.include({ class: 'wrong count' });
    } finally {
      await other.close();
    }
  });

  it('holds budgets, or does not', async () => {
    const options = { endpoint: at(host.port), rate: { from: 100, to: 100 }, durationMs: 300 };
    const { latency } = await load({ ...options, budgets: { p99Ms: 5000, rate: 20 } });
    expect(latency.budgets?.map(({ name, held }) => [name, held])).to.deep.equal([
      ['p99Ms', true],
      ['rate', true],
    ]);
    const strict = await load({ ...options, budgets: { p99Ms: 0.001, rate: 500 } });
    expect(strict.latency.budgets?.map(({ held }) => held)).to.deep.equal([false, false]);
  });

  it('ends soon when it is interrupted, with what it has', async () => {
    const interruption = new AbortController();
    // Two bind_acks, and by the sixth read an answer behind at least one of them.
    let reads = 0;
    const running = load({
      endpoint: at(host.port),
      rate: null,
      durationMs: 60_000,
      connections: 2,
      signal: interruption.signal,
      observer: { received: () => void (++reads === 6 && interruption.abort()) },
    });
    expect((await running).answered).to.be.above(0);
  });

  it('refuses what no load can be', async () => {
    const endpoint = at(host.port);
    for (const wrong of [
      { durationMs: 0 },
      { connections: 0 },
      { rate: { from: 0, to: 0 } },
      { rate: { from: 1, to: 1e9 } },
      { threads: 3, connections: 2 },
    ]) {
      const error = await load({ endpoint, ...wrong }).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(error).to.be.instanceOf(UsageError);
    }
  });
});

describe('connections that stand open', () => {
  it('are held, silent or dripping, while the host serves others', async () => {
    const host = await startLabHost();
    const client = new KmsClient({ endpoint: at(host.port) });
    try {
      const idle = await holdIdle(client, 200);
      const dripping = await holdDripping(client, 50, Buffer.from('0500', 'hex'), 10);
      const { answered, failed } = await load({
        endpoint: at(host.port),
        rate: { from: 50, to: 50 },
        durationMs: 200,
      });
      expect([answered, failed]).to.deep.equal([10, 0]);
      expect([idle.count, dripping.count, idle.ended, dripping.ended]).to.deep.equal([200, 50, 0, 0]);
      await Promise.all([idle.release(), dripping.release()]);
    } finally {
      await client.close();
      await host.close();
    }
  });

  it('are closed by the host in its time, which is measured', async () => {
    const host = await startLabHost({ idleCloseSeconds: 1 });
    const client = new KmsClient({ endpoint: at(host.port) });
    try {
      expect(await secondsUntilIdleClose(client, 5)).to.be.within(0.9, 3);
      expect(await secondsUntilIdleClose(client, 0.1)).to.equal(null);
    } finally {
      await client.close();
      await host.close();
    }
  });
});
