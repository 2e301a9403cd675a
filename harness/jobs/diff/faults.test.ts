import { expect } from 'chai';
import { FAULTS, type FaultName } from '../../lab-host';
import { faultRow } from './testing/diff-lab';

/** Of each sort a few; `npm run diff-table` tries them all. */
const SOME: readonly FaultName[] = [
  ...(['answers-as-4-1', 'nil-cmid', 'cmid-byte-order', 'count-byte-order', 'time-in-milliseconds'] as const),
  ...([
    'time-of-host',
    'epid-per-request',
    'no-mac-field',
    'trailing-message-bytes',
    'stub-size-too-small',
  ] as const),
  ...(['mac-less-version', 'flipped-mac-bit', 'zero-mac', 'surplus-padding', 'counts-from-zero'] as const),
  ...([
    'counts-itself',
    'count-stops-at-one',
    'counts-in-pairs',
    'counts-every-request',
    'half-cmid',
  ] as const),
  ...([
    'last-half-cmid',
    'first-group-cmid',
    'count-by-name',
    'intervals-swapped',
    'zero-intervals',
  ] as const),
  ...([
    'intervals-in-seconds',
    'declares-big-endian',
    'raises-fragment-limits',
    'virtual-counted-twice',
  ] as const),
  'applications-together',
];

describe('one fault of the lab host, beside the lab host without', function () {
  this.timeout(60_000);

  it('are thirty', () => expect(new Set(SOME).size).to.equal(30));

  for (const name of SOME)
    it(`is told in at most 3 requests: ${name}`, async () => {
      const row = await faultRow(FAULTS.find((fault) => fault.name === name)!, 50_000);
      expect(row.told).to.equal(true);
      expect(row.requests, row.words).to.be.within(1, 3);
    });
});
