import {
  expect,
  expectField,
  expectFieldToBe,
  expectRefusal,
  HRESULT,
  machine,
  machines,
  type Reaction,
  requirement,
} from './requirement';

const parallel = { parallel: true } as const;
const TIME_TO_LIVE_MS = 15_000;
const LEAST_INTERVAL = 15;
const MOST_INTERVAL = 43_200;

describe('the times that a host answers', () => {
  requirement('TIME-02', parallel, async ({ host, intervals }) => {
    const answer = await host.activate(machine());
    expectField(answer, 'activationIntervalMinutes', intervals.activationMinutes ?? 120);
  });

  requirement('TIME-03', parallel, async ({ host, intervals }) => {
    const answer = await host.activate(machine());
    expectField(answer, 'renewalIntervalMinutes', intervals.renewalMinutes ?? 10_080);
  });

  requirement('TIME-09', parallel, async ({ host }) => {
    for (const answer of await host.activateEach([machine(), machine(), machine({ licenseStatus: 1 })])) {
      for (const name of ['activationIntervalMinutes', 'renewalIntervalMinutes'] as const) {
        const fits = answer.response[name] >= LEAST_INTERVAL && answer.response[name] <= MOST_INTERVAL;
        expectFieldToBe(answer, name, fits, `${LEAST_INTERVAL} to ${MOST_INTERVAL} minutes`);
      }
    }
  });
});

describe('the time that a host takes', () => {
  requirement('TIME-01', { ...parallel, failsOnSilence: true }, async ({ host }) => {
    for (const { latencyMs } of await host.activateEach(machines(5))) {
      expect(latencyMs, 'milliseconds until the answer').to.be.below(TIME_TO_LIVE_MS);
    }
  });

  requirement('TIME-04', { adds: 1, latencyBudget: true }, async ({ host, budgets, note }) => {
    const { p99Ms, rate } = { p99Ms: budgets.p99Ms!, rate: budgets.rate! };
    const latencies = await host.pace.latenciesAt(rate, {
      requests: Math.max(100, Math.min(2 * rate, 2000)),
    });
    const p99 = latencies.sort((a, b) => a - b)[Math.ceil(latencies.length * 0.99) - 1]!;
    note(`99 of 100 requests within ${p99.toFixed(1)} ms at ${rate} a second`);
    expect(Math.round(p99), `milliseconds for 99 of 100 requests, at ${rate} a second`).to.be.at.most(p99Ms);
  });

  requirement('TIME-05', parallel, async ({ host }) => {
    const dialogue = await host.rpc.bind();
    await dialogue.activate(machine());
    const end = await dialogue.halfClose(5000);
    expect(end, 'the connection 5 seconds after the half-close').to.be.oneOf(['closed', 'reset']);
  });

  requirement('TIME-07', { place: 'refusals', adds: 3 }, async ({ host, note }) => {
    await host.activate(machine());
    await host.uncounted(
      [-12, 12].map((hours) => {
        const what = `a client whose clock is ${Math.abs(hours)} hours ${hours < 0 ? 'behind' : 'ahead'}`;
        const send = () => host.ask(machine(), { requestTime: host.clock.clientTime({ hours }) });
        const judge = (reaction: Reaction): void => {
          if (reaction.kind === 'granted') return;
          expectRefusal(reaction, HRESULT.clockTooFarOff, what);
          note(`refuses a clock that is ${Math.abs(hours)} hours off`);
        };
        return { what, send, judge };
      }),
    );
  });
});

describe('connections that stand idle', () => {
  requirement('TIME-06', { adds: 10 }, async ({ host }) => {
    const idle = await host.connections.open(200);
    const slow = await host.connections.open(
      50,
      '200 connections that stand idle, and 50 that send an octet a second',
    );
    const bind = host.rpc.bindPdu();
    for (let second = 0; second < 2; second++) {
      await slow.sendEach(bind.subarray(second, second + 1)); // a bind that takes its time
      await host.activateEach(machines(5));
      if (second === 0) await host.pace.oneSecond();
    }
    await host.stillServes();
    await Promise.all([idle.close(), slow.close()]);
  });

  requirement('TIME-08', { parallel: true, idleBudget: true }, async ({ host, budgets }) => {
    const seconds = budgets.idleCloseSeconds!;
    const idle = await host.connections.open(1);
    const end = await idle.endWithin(seconds * 1000 + 2000);
    expect(end, `a connection without a byte after ${seconds + 2} seconds`).to.be.oneOf(['closed', 'reset']);
  });
});
