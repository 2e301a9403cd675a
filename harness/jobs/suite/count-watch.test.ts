import { expect } from 'chai';
import type { Evidence } from '../../../reports/results/result';
import { CountWatch } from './count-watch';

const EVIDENCE: readonly Evidence[] = [{ direction: 'received', bytes: 'ff' } as unknown as Evidence];

describe('the watch over counts', () => {
  const answered = (watch: CountWatch, ...counts: number[]): void => {
    for (const count of counts) watch.answered(count, `the request before ${count}`, () => EVIDENCE);
  };

  it('accuses a host of which nothing is known only from a count on that no host has', () => {
    const watch = new CountWatch();
    expect(watch.knowsAll).to.equal(false);
    answered(watch, 1, 671, 2000);
    expect(watch.beyond).to.equal(null);
    answered(watch, 2001, 16_777_216);
    expect(watch.beyond).to.deep.equal({
      count: 2001,
      places: 2000,
      sent: 'the request before 2001',
      evidence: EVIDENCE,
    });
  });

  // understanding-kms 2.3: the cache holds twice the largest N_Policy that was asked for.
  for (const [policy, places] of [
    [5, 10],
    [25, 50],
    [1000, 2000],
  ] as const) {
    it(`gives a host that was empty ${places} places for an N_Policy of ${policy}`, () => {
      const watch = new CountWatch();
      watch.emptied();
      watch.asking(policy);
      expect(watch.knowsAll).to.equal(policy < 1000);
      answered(watch, places);
      expect(watch.beyond).to.equal(null);
      answered(watch, places + 1);
      expect(watch.beyond?.count).to.equal(places + 1);
    });
  }

  it('keeps the room that an earlier request made, and lets it go when the host is emptied', () => {
    const watch = new CountWatch();
    watch.emptied();
    watch.asking(25);
    watch.asking(5);
    expect(watch.mostPlaces).to.equal(50);
    watch.emptied();
    watch.asking(5);
    expect(watch.mostPlaces).to.equal(10);
  });

  it('counts on the places that others may make meanwhile', () => {
    const watch = new CountWatch();
    watch.emptied(50);
    watch.asking(5);
    answered(watch, 50);
    expect(watch.beyond).to.equal(null);
    answered(watch, 51);
    expect(watch.beyond?.places).to.equal(50);
  });

  it('accuses nobody behind an N_Policy for which no guide says how much room it makes', () => {
    for (const policy of [0, 1001, 0xffffffff]) {
      const watch = new CountWatch();
      watch.emptied();
      watch.asking(policy);
      answered(watch, 0xffffffff);
      expect(watch.beyond, `${policy}`).to.equal(null);
    }
  });
});
