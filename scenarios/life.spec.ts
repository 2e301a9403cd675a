import type { LivedFleet } from './host/fleet-words';
import { judgeActivation } from '../harness/jobs/fleet';
import { expect, requirement } from './requirement';

const months = { fresh: true, clock: true, severalAtATime: true } as const;

/** The names of machines, few enough to read. */
const names = (machines: readonly { readonly name: string }[]): string[] =>
  machines.slice(0, 5).map(({ name }) => name);

/** The capacity once all had asked who did at that hour: of those who ask at the same time, nobody knows who came first. */
const capacityAt = (answers: LivedFleet['answers'], hour: number): number =>
  Math.max(...answers.filter((answer) => answer.hour === hour).map(({ capacity }) => capacity));

describe('a fleet over virtual months', () => {
  // "Suppose you have an environment with 500 volume-licensed Vista systems and one KMS host" (volume-activation-article)
  requirement('LIFE-01', { ...months, adds: 500, requests: 600, clockSteps: 15 }, async ({ host }) => {
    const fleet = await host.fleet.live([{ kind: 'client', count: 500, arrivals: { overHours: 24 } }], 1.25);
    const { early, late, never } = judgeActivation(fleet, 25);
    expect(names(early), 'machines activated before the 25th had asked').to.be.empty;
    expect(names(never), 'machines that were never activated').to.be.empty;
    expect(names(late), 'machines activated later than 2 hours after they could be').to.be.empty;
  });

  requirement('LIFE-02', { ...months, adds: 60, requests: 1600, clockSteps: 80 }, async ({ host }) => {
    const sixty = { kind: 'client', count: 60, arrivals: { overHours: 8 } } as const;
    const fleet = await host.fleet.live([sixty], 180, ({ hour, answered }) => hour > 10 && answered !== 50);
    const lapsed = fleet.machines.filter(({ licence, lapses }) => licence !== 'licensed' || lapses > 0);
    expect(names(lapsed), 'machines that did not stay activated').to.be.empty;
    const counts = new Set(fleet.answers.filter(({ hour }) => hour > 10).map(({ answered }) => answered));
    expect([...counts], 'counts answered once all had asked').to.deep.equal([50]);
  });

  requirement('LIFE-03', { ...months, adds: 54, requests: 950, clockSteps: 80 }, async ({ host }) => {
    const left = {
      kind: 'client',
      name: 'earlier',
      count: 30,
      arrivals: { overHours: 4 },
      staysHours: 48,
    } as const;
    const fresh = {
      kind: 'client',
      name: 'later',
      count: 24,
      arrivals: { fromHour: 35 * 24, overHours: 4 },
    } as const;
    const { machines } = await host.fleet.live([left, fresh], 38);
    const activated = (name: string) =>
      machines.filter(({ kind, activatedHour }) => kind === name && activatedHour !== null);
    expect(activated('earlier'), 'machines of 30 that were activated while there were enough').to.have.length(
      30,
    );
    expect(names(activated('later')), 'machines of 24 that were activated a month after all others').to.be
      .empty;
  });

  requirement('LIFE-04', { ...months, adds: 18, requests: 250, clockSteps: 20 }, async ({ host }) => {
    const servers = { kind: 'server', count: 8, arrivals: { overHours: 6 } } as const;
    const clients = { kind: 'client', count: 10, arrivals: { overHours: 6 } } as const;
    const fleet = await host.fleet.live([servers, clients], 2);
    const { early, late, never } = judgeActivation(fleet, 5);
    expect(names(early), 'servers activated before the 5th machine had asked').to.be.empty;
    expect(names(never), 'servers that were never activated').to.be.empty;
    expect(names(late), 'servers activated later than 2 hours after they could be').to.be.empty;
    const activated = fleet.machines.filter(
      ({ kind, activatedHour }) => kind === 'client' && activatedHour !== null,
    );
    expect(names(activated), 'client systems that were activated by 18 machines').to.be.empty;
  });

  requirement('LIFE-05', { ...months, adds: 60, requests: 600, clockSteps: 60 }, async ({ host }) => {
    const fleet = await host.fleet.live(
      [
        { kind: 'server', count: 20, arrivals: { overHours: 24 } },
        { kind: 'client', count: 40, arrivals: { overHours: 24 } },
      ],
      60,
    );
    const over = fleet.answers.filter(({ hour, answered }) => answered! > capacityAt(fleet.answers, hour));
    expect(
      over.map(({ answered }) => answered),
      'counts above the capacity',
    ).to.be.empty;
    const inOrder = [...fleet.answers].sort((a, b) => a.hour - b.hour || a.answered! - b.answered!);
    const falls = inOrder.filter(({ answered }, i) => i > 0 && answered! < inOrder[i - 1]!.answered!);
    expect(
      falls.map(({ answered }) => answered),
      'counts lower than the one before',
    ).to.be.empty;
  });
});
