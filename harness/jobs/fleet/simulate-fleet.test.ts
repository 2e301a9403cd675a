import { expect } from 'chai';
import { HostFailure } from '../../client';
import { UsageError } from '../../support/usage-error';
import { ARTICLE_FLEET } from './article';
import { type FleetHost, inProcessFleetHost, modelHost } from './fleet-host';
import { judgeActivation } from './judge';
import type { FleetAnswer } from './result';
import { FLEET_EPOCH_MS, simulateFleet } from './simulate-fleet';
import { clients, fleet, inState, lab, profile, vista } from './testing/made-fleet';

describe('a fleet in virtual time', () => {
  it('is activated as the article tells of its 500 systems: none before the 25th asked, all within two hours after', async () => {
    const result = await simulateFleet({
      groups: ARTICLE_FLEET,
      days: 7,
      hosts: [inProcessFleetHost({ profile: vista }, FLEET_EPOCH_MS)],
      seed: 2008,
      profile: vista,
    });
    const { thresholdHour, early, late, never } = judgeActivation(result, 25);
    const asked = result.machines.map(({ firstAskedHour }) => firstAskedHour!).sort((a, b) => a - b);
    expect(thresholdHour).to.equal(asked[24]);
    expect([early, late, never]).to.deep.equal([[], [], []]);
    expect(result.activated).to.equal(500);
    expect(result.firstActivationHour).to.equal(thresholdHour);
    expect(result.hosts[0]).to.include({ highestCount: 50, capacity: 50, overCapacity: 0, refusals: 0 });
    expect(result.differences).to.equal(0);
  });

  it('never activates 24 client systems, and lets them end in notification after 30 days', async () => {
    const result = await fleet([clients(24)], 31);
    expect(result.activated).to.equal(0);
    expect(inState(result, 'OOB grace', 29 * 24)).to.equal(24);
    expect(inState(result, 'notification')).to.equal(24);
    expect(result.hosts[0]!.highestCount).to.equal(24);
  });

  it('activates servers from five machines on while client systems still wait', async () => {
    const result = await fleet(
      [
        clients(10, { arrivals: { overHours: 0 } }),
        { name: 'server', product: 'r2-b', count: 4, arrivals: { fromHour: 5, overHours: 0 } },
      ],
      5,
    );
    const kinds = (kind: string) => result.machines.filter((machine) => machine.kind === kind);
    expect(kinds('server').every(({ activatedHour }) => activatedHour === 5)).to.equal(true);
    expect(kinds('client').every(({ activatedHour }) => activatedHour === null)).to.equal(true);
  });

  it('stays activated for half a year of weekly renewals, the count at its capacity', async () => {
    const falls: FleetAnswer[] = [];
    let full = false;
    const result = await fleet([clients(200, { arrivals: { overHours: 48 } })], 180, {
      onAnswer: (answer) => {
        if (full && answer.answered !== 50) falls.push(answer);
        full ||= answer.answered === 50;
      },
    });
    expect(falls).to.deep.equal([]);
    expect(inState(result, 'licensed')).to.equal(200);
    expect(result.machines.every(({ lapses }) => lapses === 0)).to.equal(true);
    // 26 requests each in 180 days: one to activate, one every week.
    expect(result.requests / 200).to.be.closeTo(26, 1);
  });

  it('no longer activates newcomers once the others have gone for 30 days', async () => {
    const result = await fleet(
      [
        clients(40, { name: 'old', staysHours: 10 * 24 }),
        clients(10, { name: 'new', arrivals: { fromHour: 45 * 24, overHours: 10 } }),
      ],
      60,
    );
    const activated = (kind: string) =>
      result.machines.filter((each) => each.kind === kind && each.activatedHour !== null);
    expect(activated('old')).to.have.lengthOf(40);
    expect(activated('new')).to.deep.equal([]);
    expect(result.hosts[0]).to.include({ falls: 1, fallsByModel: 1 });
  });

  it('loses machines that are away for more than 180 days, and finds them again when they return', async () => {
    const away = { share: 1, presentDays: 10, awayDays: 400 };
    const result = await fleet([clients(60), clients(200, { name: 'laptop', away })], 500);
    const laptops = result.machines.filter(({ kind }) => kind === 'laptop');
    expect(laptops.some(({ lapses }) => lapses > 0)).to.equal(true);
    expect(laptops.some(({ lapses, licence }) => lapses > 0 && licence === 'licensed')).to.equal(true);
    expect(laptops.every(({ unanswered, lapses }) => lapses === 0 || unanswered > 0)).to.equal(true);
    expect(result.machines.filter(({ kind, lapses }) => kind === 'client' && lapses > 0)).to.deep.equal([]);
    expect(result.differences).to.equal(0);
  });

  it('starts the grace again for re-imaged machines, which count anew', async () => {
    const counts: number[] = [];
    const result = await fleet([clients(26, { incidents: [{ kind: 'reimage', everyDays: 20 }] })], 60, {
      onAnswer: ({ answered }) => counts.push(answered!),
    });
    expect(Math.max(...counts)).to.be.above(30);
    expect(result.machines.every(({ licence }) => licence === 'licensed')).to.equal(true);
    expect(result.differences).to.equal(0);
  });

  it('counts clones once, so that an image that was not generalised never reaches the threshold', async () => {
    const result = await fleet([clients(100, { cloned: 1 })], 3);
    expect(result.hosts[0]!.highestCount).to.equal(1);
    expect(result.activated).to.equal(0);
  });

  it('is the same for the same seed, in every number', async () => {
    const groups = [
      clients(150, { arrivals: { overHours: 72 }, away: { share: 0.3, presentDays: 9, awayDays: 20 } }),
      {
        name: 'server',
        product: 'r2-b',
        count: 30,
        incidents: [{ kind: 'hardware-change' as const, everyDays: 30 }],
      },
    ];
    const hosts = (): FleetHost[] => [
      lab({ weight: 10 }),
      lab({ weight: 30, outages: [{ fromHour: 50, toHour: 90 }] }),
    ];
    const first = await fleet(groups, 90, { hosts: hosts(), seed: 5 });
    expect(await fleet(groups, 90, { hosts: hosts(), seed: 5 })).to.deep.equal(first);
    expect(await fleet(groups, 90, { hosts: hosts(), seed: 6 })).to.not.deep.equal(first);
  });

  it('has the same result against the bare model as against the lab host', async () => {
    const groups = [clients(80, { arrivals: { overHours: 24 } })];
    const { hosts: _a, ...byLab } = await fleet(groups, 60);
    const { hosts: _b, ...byModel } = await fleet(groups, 60, {
      hosts: [modelHost(profile, FLEET_EPOCH_MS)],
    });
    expect(byModel).to.deep.equal(byLab);
  });

  it('tells a host that counts otherwise, with the first difference', async () => {
    const result = await fleet([clients(30, { virtual: true })], 3, {
      hosts: [inProcessFleetHost({ profile: vista }, FLEET_EPOCH_MS)],
    });
    expect(result.activated).to.equal(0);
    expect(result.conclusiveDifferences).to.be.above(29);
    expect(result.firstDifference).to.include({ hour: 0, machine: 'client 1' });
    expect(result.firstDifference!.message).to.include('the model says 1');
  });

  for (const counted of [true, false]) {
    it(`has no quarrel with a host that lost answers and had ${counted ? '' : 'not '}counted the requests`, async () => {
      const host = lab();
      let requests = 0;
      const asked: FleetHost['asked'] = {
        ...host.asked,
        activate: async (request) => {
          const isLost = [3, 17, 40, 41].includes(++requests);
          const reply = isLost && !counted ? null : await host.asked.activate(request);
          if (!isLost) return reply!;
          throw new HostFailure({
            kind: 'timed-out',
            stage: 'answer',
            endpoint: { host: '127.0.0.1', port: 1688 },
            what: 'no reply within 15 s',
          });
        },
      };
      const result = await fleet([clients(30, { arrivals: { overHours: 20 } })], 10, {
        hosts: [{ ...host, asked }],
      });
      expect(result.hosts[0]!.failures).to.equal(4);
      expect(result.differences).to.equal(0);
      expect(result.samples.at(-1)!.expected ?? 30).to.equal(30);
    });
  }

  it('accounts for every machine in every sample', async () => {
    const result = await fleet(
      [clients(50, { arrivals: { overHours: 100 } }), clients(20, { name: 'leaver', staysHours: 300 })],
      20,
    );
    for (const { hour, machines } of result.samples) {
      const sum = machines.reduce((total, count) => total + count, 0);
      expect(sum, `hour ${hour}`).to.equal(hour < 300 ? 70 : 50);
    }
    expect(result.requestsPerHour.reduce((sum, count) => sum + count, 0)).to.equal(result.requests);
    expect(result.samples.reduce((sum, { requests }) => sum + requests, 0)).to.be.within(
      result.requests - 5,
      result.requests,
    );
  });

  it('ends when it is interrupted, and says when that was', async () => {
    const interruption = new AbortController();
    const result = await fleet([clients(50)], 100, {
      signal: interruption.signal,
      onAnswer: ({ hour }) => {
        if (hour > 500) interruption.abort();
      },
    });
    expect(result.endedAtHour).to.be.within(500, 700);
  });

  it('refuses what no fleet can be', async () => {
    for (const [groups, days] of [
      [[clients(0)], 1],
      [[clients(5)], 0],
      [[clients(5)], 10_000],
      [[clients(1.5)], 1],
      [[clients(5, { cloned: 2 })], 1],
      [[clients(5, { away: { share: 0.5, presentDays: 0, awayDays: 1 } })], 1],
    ] as const) {
      const error = await fleet(groups, days).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(error).to.be.instanceOf(UsageError);
    }
  });
});
