import { expect } from 'chai';
import { decodePdu } from '../../../protocol';
import type { Evidence, Result } from '../../../reports/results/model';
import type { JobOutcome } from '../../../reports/results/job-outcome';
import type { LabHostOptions } from '../../lab-host';
import { openTarget, type Target } from '../../target';

/** Does something to a target that is a lab host of this process, and closes it. */
export async function withLabTarget<T>(lab: LabHostOptions, job: (target: Target) => Promise<T>): Promise<T> {
  const target = await openTarget({ lab, timeoutMs: 1500 });
  try {
    return await job(target);
  } finally {
    await target.close();
  }
}

/** Holds that a job failed, and that the exchange it failed by is among its evidence: PDUs that decode, and few. */
export function expectEvidence({ results }: JobOutcome, message: RegExp): readonly Evidence[] {
  const [verdict] = results as readonly Partial<Result>[];
  expect(verdict?.outcome).to.equal('failed');
  expect(verdict?.message).to.match(message);
  const evidence = verdict?.evidence ?? [];
  expect(evidence.map(({ direction }) => direction)).to.include.members(['sent', 'received']);
  expect(evidence.length).to.be.at.most(2 * 20);
  for (const { hex, pdu } of evidence) expect(decodePdu(Buffer.from(hex, 'hex')).kind).to.equal(pdu);
  return evidence;
}
