import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Evidence } from '../../../../reports/results/result';
import { repeatedFinding } from '../testing/repeated-finding';
import { numbersSaid, numbersSent } from '../testing/said-and-sent';

/** Of every kind of number in the words: a field of 32 bits, a call_id, a time. All faults: `npm run bench -- fuzz-findings`. */
const FAULTS = ['dies-of-unknown-status', 'call-id-never-zero', 'time-before-1970'] as const;

describe('a finding', function () {
  this.timeout(120_000);

  for (const fault of FAULTS) {
    it(`of ${fault} is shown 10 times of 10 by the line it prints, and the numbers of its words were sent`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'kmsspec-repeated-'));
      try {
        const row = await repeatedFinding(fault, 600, folder);
        expect(row).to.include({ exitCode: 1, shown: 10, attempts: 10 });
        expect(row!.numbers).to.be.greaterThan(0);
        expect(row!.unsent).to.deep.equal([]);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }

  it('whose words name another number than was sent is told', () => {
    const hex = `0500000310000000${'18000000'}07000000${'00000000'}00000000`;
    const sent: Evidence = { direction: 'sent', pdu: 'request', hex };
    expect(numbersSaid(['machine 1 asks as a server: call_id 7'])).to.deep.equal([
      { path: 'rpc.header.callId', value: 7n },
    ]);
    expect(numbersSent([sent], 'rpc.header.callId')).to.deep.equal([7n]);
    expect(numbersSent([{ ...sent, direction: 'received' }], 'rpc.header.callId')).to.deep.equal([]);
  });
});
