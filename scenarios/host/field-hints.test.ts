import { expect } from 'chai';
import { runWithFault } from '../testing/lab-run';

/** What each fault is told to come from usually; the fault is there by name, so that the cause is known. */
const CAUSES: readonly (readonly [fault: string, id: string, cause: RegExp])[] = [
  ['nil-cmid', 'MSG-02', /all zeros/],
  ['cmid-byte-order', 'MSG-02', /first three groups of a GUID are little-endian/],
  ['time-in-milliseconds', 'MSG-03', /A FILETIME counts 100 ns/],
  ['time-of-host', 'MSG-03', /host's own clock/],
  ['epid-in-ascii', 'MSG-04', /UTF-16LE/],
  ['mac-of-request', 'MSG-07', /that is the mac of the request/],
  ['intervals-swapped', 'TIME-02', /two intervals swapped/],
  ['intervals-in-seconds', 'TIME-02', /seconds\? It is told in minutes/],
  ['count-byte-order', 'CNT-01', /octets from back to front/],
];

describe('what a wrong field usually comes from', function () {
  this.timeout(20_000);
  for (const [fault, id, cause] of CAUSES) {
    it(`is told of ${fault}`, async () => {
      const { results } = await runWithFault({ name: fault }, [id]);
      expect(results[0]!.message).to.match(cause);
    });
  }

  it('comes with the field and the octets that it should hold, for reports to mark', async () => {
    const { results } = await runWithFault({ name: 'activation-interval-60' }, ['TIME-02']);
    expect(results[0]!.field).to.deep.equal({
      path: 'kms.response.activationIntervalMinutes',
      expectedHex: '78000000',
    });
    expect(results[0]!.message).to.contain('at offset 134 of the message: 3c 00 00 00 (4 octets)');
  });
});

describe('inputs that must not be counted', function () {
  this.timeout(20_000);

  it('are named where a host counts them', async () => {
    const { results } = await runWithFault({ name: 'counts-short-message' }, ['ROB-07']);
    expect(results[0]!.message).to.match(
      /counted: a request message of \d+ octets? \(\d+ became \d+\); .*and perhaps more/,
    );
  });
});

describe('a host that dies', () => {
  it('is told to have died of what it was sent last, not of what it was to be sent next', async () => {
    const { results } = await runWithFault({ name: 'dies-of-version-zero' }, ['ROB-08']);
    expect(results[0]!.message)
      .to.contain('majorVersion 0, minorVersion 0')
      .and.not.contain('majorVersion 3');
  });
});
