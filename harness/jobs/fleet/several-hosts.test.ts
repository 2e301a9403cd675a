import { expect } from 'chai';
import { clients, fleet, inState, lab } from './testing/made-fleet';

describe('a fleet in virtual time', () => {
  describe('with several hosts', () => {
    it('asks the one of the best priority, and the other while it is down', async () => {
      const outages = [{ fromHour: 10 * 24, toHour: 20 * 24 }];
      const hosts = [lab({ priority: 0, outages }), lab({ priority: 10 })];
      const used: number[][] = [[], []];
      const result = await fleet([clients(100, { arrivals: { overHours: 24 } })], 40, {
        hosts,
        onAnswer: ({ host, hour }) => used[host]!.push(hour / 24),
      });
      expect(used[0]!.some((day) => day >= 10 && day < 20)).to.equal(false);
      expect(Math.min(...used[1]!)).to.be.within(10, 17.1);
      // The one that answered is kept: nobody goes back as long as it answers.
      expect(used[0]!.filter((day) => day >= 24)).to.deep.equal([]);
      expect(inState(result, 'licensed')).to.equal(100);
    });

    it('counts at each by itself: 40 clients spread over two hosts by weight reach no threshold', async () => {
      const hosts = [lab({ weight: 50 }), lab({ weight: 50 })];
      const result = await fleet([clients(40)], 3, { hosts });
      expect(result.hosts[0]!.highestCount + result.hosts[1]!.highestCount).to.equal(40);
      expect(result.hosts.every(({ highestCount }) => highestCount < 25)).to.equal(true);
      expect(result.activated).to.equal(0);
    });

    it('retries in vain while the only host is down for days, every two hours in grace', async () => {
      const result = await fleet([clients(30)], 4, {
        hosts: [lab({ outages: [{ fromHour: 0, toHour: 72 }] })],
      });
      expect(result.firstActivationHour).to.be.within(72, 74);
      expect(result.machines[0]!.unanswered).to.equal(36);
    });
  });
});
