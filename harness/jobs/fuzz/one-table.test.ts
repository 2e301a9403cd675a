import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInProcess } from '../../cli/testing/in-process';
import { parseReport, type Report } from '../../../reports/results/model';
import { type FaultName, type HabitName, startLabHost } from '../../lab-host';

/** A campaign against a host without controls, as it is found. */
async function campaignOn(habits: readonly HabitName[], faults: readonly FaultName[] = []): Promise<Report> {
  const host = await startLabHost({ seed: 3, habits, faults });
  const folder = mkdtempSync(join(tmpdir(), 'kmsspec-one-table-'));
  try {
    const args = ['--target', `127.0.0.1:${host.port}`, '--seed', '2', '--runs', '400', '--json', '-'];
    return parseReport((await runInProcess(['fuzz', ...args], { cwd: folder })).stdout);
  } finally {
    await host.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('fuzzing a host that counts all applications in one table', () => {
  for (const habit of ['counts-unknown-applications-as-windows', 'refuses-unknown-applications'] as const) {
    it(`that ${habit} finds nothing, and tells how its counts are judged`, async () => {
      const { findings, coverage } = await campaignOn([habit]);
      expect((findings ?? []).map(({ message }) => message)).to.deep.equal([]);
      const apart = coverage!.assumptions!.find(
        ({ question }) => question === 'it counts applications apart',
      );
      expect(apart).to.deep.include({ answer: 'no' });
      expect(apart!.so).to.match(/in turn/);
    });
  }

  it('tells what is counted wrong there on the way up, which cannot be shown again without a reset', async () => {
    const { run } = await campaignOn(['counts-unknown-applications-as-windows'], ['one-less-at-37']);
    expect(run.warnings?.join()).to.match(/seen once and not again, .*count: expected \d+, received \d+/);
  });
});
