import { expect, HRESULT, machine, machines, requirement, statusOf } from './requirement';

const sideBySide = { sideBySide: true } as const;
const TIME_TO_LIVE_MS = 15_000;

describe('the times that a host answers', () => {
  requirement('TIME-02', sideBySide, async ({ host, intervals }) => {
    const { response } = await host.activate(machine());
    const expected = intervals.activationMinutes ?? 120;
    expect(response.activationIntervalMinutes, 'minutes until it tries again').to.equal(expected);
  });

  requirement('TIME-03', sideBySide, async ({ host, intervals }) => {
    const { response } = await host.activate(machine());
    const expected = intervals.renewalMinutes ?? 10_080;
    expect(response.renewalIntervalMinutes, 'minutes until it renews').to.equal(expected);
  });

  requirement('TIME-09', sideBySide, async ({ host }) => {
    for (const { response } of await host.activateEach([
      machine(),
      machine(),
      machine({ licenseStatus: 1 }),
    ])) {
      expect(response.activationIntervalMinutes, 'the activation interval').to.be.within(15, 43_200);
      expect(response.renewalIntervalMinutes, 'the renewal interval').to.be.within(15, 43_200);
    }
  });
});

describe('the time that a host takes', () => {
  requirement('TIME-01', { ...sideBySide, failsOnSilence: true }, async ({ host }) => {
    for (const { latencyMs } of await host.activateEach(machines(5))) {
      expect(latencyMs, 'milliseconds until the answer').to.be.below(TIME_TO_LIVE_MS);
    }
  });

  requirement('TIME-04', { adds: 1, latencyBudget: true }, async ({ host, budgets, note }) => {
    const { p99Ms, rate } = { p99Ms: budgets.p99Ms!, rate: budgets.rate! };
    const latencies = await host.latenciesAt(rate, { requests: Math.max(100, Math.min(2 * rate, 2000)) });
    const p99 = latencies.sort((a, b) => a - b)[Math.ceil(latencies.length * 0.99) - 1]!;
    note(`99 of 100 requests within ${p99.toFixed(1)} ms at ${rate} a second`);
    expect(p99, `milliseconds for 99 of 100 requests, at ${rate} a second`).to.be.at.most(p99Ms);
  });

  requirement('TIME-05', sideBySide, async ({ host }) => {
    const dialogue = await host.converse();
    await dialogue.activate(machine());
    const end = await dialogue.halfClose(5000);
    expect(end, 'the connection 5 seconds after the half-close').to.be.oneOf(['closed', 'reset']);
  });

  requirement('TIME-07', { adds: 3 }, async ({ host, note }) => {
    await host.activate(machine());
    for (const hours of [-12, 12]) {
      const reply = await host.ask(machine(), { requestTime: host.clientTime({ hours }) });
      if (reply.kind === 'granted') continue;
      expect(statusOf(reply), `the refusal of a clock ${hours} hours off`).to.equal(HRESULT.clockTooFarOff);
      note(`refuses a clock that is ${Math.abs(hours)} hours off`);
    }
    await host.stillServes();
  });
});

describe('connections that stand idle', () => {
  requirement('TIME-06', { adds: 10 }, async ({ host }) => {
    const idle = await host.openConnections(200);
    const slow = await host.openConnections(50);
    for (let second = 0; second < 2; second++) {
      await slow.sendOneByteEach();
      await host.activateEach(machines(5));
      if (second === 0) await host.oneSecond();
    }
    await host.stillServes();
    await Promise.all([idle.close(), slow.close()]);
  });

  requirement('TIME-08', { sideBySide: true, idleBudget: true }, async ({ host, budgets }) => {
    const seconds = budgets.idleCloseSeconds!;
    const idle = await host.openConnections(1);
    const end = await idle.endWithin(seconds * 1000 + 2000);
    expect(end, `a connection that has sent nothing for ${seconds} seconds`).to.be.oneOf(['closed', 'reset']);
  });
});
