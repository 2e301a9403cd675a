import { expect } from 'chai';
import { PROFILES } from '../../model/profile';
import { HOUR_MS } from '../../model/client-state';
import { FLEET_EPOCH_MS, simulateFleet, type SimulateFleetOptions } from './simulate-fleet';
import { type FleetHost, modelHost } from './fleet-host';
import type { FleetAnswer } from './result';

const profile = PROFILES['win7-2008r2'];

/** A model host whose answers are under way for a turn of the loop, and what was under way at most. */
function slowHost(): { host: FleetHost; most: () => number; steps: number[] } {
  const right = modelHost(profile, FLEET_EPOCH_MS);
  let [now, most] = [0, 0];
  const steps: number[] = [];
  const host: FleetHost = {
    ...right,
    asked: {
      ...right.asked,
      activate: async (request) => {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setImmediate(resolve));
        now--;
        return right.asked.activate(request);
      },
    },
    time: {
      ...{ exact: true, settable: true },
      now: () => right.time.now(),
      reach: (timeMs) => {
        if (timeMs > right.time.now()) steps.push(timeMs);
        return right.time.reach(timeMs);
      },
    },
  };
  return { host, most: () => most, steps };
}

async function live(atOnce: number | null): Promise<{ answers: FleetAnswer[]; most: number; steps: number }> {
  const { host, most, steps } = slowHost();
  const answers: FleetAnswer[] = [];
  const options: SimulateFleetOptions = {
    groups: [{ name: 'pc', product: 'win7', count: 60, arrivals: { overHours: 8 } }],
    ...{ days: 30, hosts: [host], seed: 3, profile },
    onAnswer: (answer) => answers.push(answer),
    together: atOnce === null ? undefined : { spanMs: HOUR_MS, atOnce },
  };
  const result = await simulateFleet(options);
  expect([result.activated, result.hosts[0]!.failures]).to.deep.equal([60, 0]);
  return { answers, most: most(), steps: steps.length };
}

describe('machines of a fleet that are due in the same hour', () => {
  it('ask at its end, at the same time, and the clock is set once for all of them', async () => {
    const together = await live(16);
    const alone = await live(null);
    expect(together.answers.every(({ hour }) => Number.isInteger(hour))).to.equal(true);
    expect([alone.most, together.most > 4, together.most <= 16]).to.deep.equal([1, true, true]);
    expect(together.steps).to.be.below(alone.steps / 3);
    expect(together.answers.length / alone.answers.length).to.be.within(0.8, 1.2);
  });

  it('are told by the same counts, each hour, as one after the other', async () => {
    const byHour = (answers: readonly FleetAnswer[]): string[] =>
      [...answers]
        .sort((a, b) => a.hour - b.hour || a.answered! - b.answered!)
        .map(({ hour, answered }) => `${hour} ${answered}`);
    expect(byHour((await live(16)).answers)).to.deep.equal(byHour((await live(1)).answers));
  });
});
