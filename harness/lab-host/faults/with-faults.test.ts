import { expect } from 'chai';
import { Lab } from '../testing/lab';
import { PROBES } from '../testing/probes';
import type { FaultName } from './faults';

/** Faults of every kind of hook, several of them of the same one. */
const SAMPLE: readonly FaultName[] = [
  'nil-cmid',
  'renewal-interval-30-days',
  'flipped-mac-bit',
  'trailing-message-bytes',
  'surplus-padding',
  'call-id-never-zero',
  'grants-unoffered-features',
  'refuses-foreign-name',
  'count-by-cmid-and-name',
  'counts-itself',
  'renewal-misses-itself',
  'evicts-newest',
];

const CONVERSATIONS = ['order', 'identities', 'binds', 'calls'];

/** All that a host with these faults says in several conversations. */
function transcript(...faults: FaultName[]): string {
  return CONVERSATIONS.flatMap((key) => PROBES[key]!(new Lab({ faults }))).join('\n');
}

const pairs = SAMPLE.flatMap((first, i) => SAMPLE.slice(i + 1).map((second) => [first, second] as const));

describe('hosts with several faults', function () {
  this.timeout(60_000);
  const alone = new Map<FaultName, string>();
  before(() => {
    for (const name of SAMPLE) alone.set(name, transcript(name));
  });

  it('have both faults of every pair, in whatever order they are named', () => {
    for (const [first, second] of pairs) {
      const both = transcript(first, second);
      expect(both === alone.get(first), `${second} shows beside ${first}`).to.equal(false);
      expect(both === alone.get(second), `${first} shows beside ${second}`).to.equal(false);
      expect(both === transcript(second, first), `${first} and ${second} in either order`).to.equal(true);
    }
  });

  it('have a fault once, however often it is named', () => {
    expect(transcript('counts-itself', 'counts-itself') === alone.get('counts-itself')).to.equal(true);
  });

  it('behave as one without where they name none', () => {
    const good = transcript();
    for (const [name, said] of alone) expect(said === good, name).to.equal(false);
    expect(good === transcript()).to.equal(true);
  });
});
