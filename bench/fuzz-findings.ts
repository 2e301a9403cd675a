import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repeatedFinding } from '../harness/jobs/fuzz/testing/repeated-finding';
import { FAULTS } from '../harness/lab-host';
import type { BenchReport, BenchSection } from './section';

/** Cases of a campaign for each fault: what takes more is not found here. */
const RUNS = Number(process.env['FUZZ_FINDINGS_RUNS'] ?? 600);

/** Every fault of the lab host: a campaign, its finding, the line that the finding prints, its words against the octets that were sent. */
async function repeatAll(report: BenchReport): Promise<void> {
  const only = process.env['FUZZ_FINDINGS_FAULTS']?.split(',');
  let [found, again, numbers, unsent] = [0, 0, 0, 0];
  const tell = (text: string): void => void process.stdout.write(`  ${text}\n`);
  for (const { name } of FAULTS.filter((fault) => only?.includes(fault.name) ?? true)) {
    const folder = mkdtempSync(join(tmpdir(), 'kmsspec-findings-'));
    try {
      const row = await repeatedFinding(name, RUNS, folder);
      if (row === null) continue;
      found++;
      numbers += row.numbers;
      const isShown = row.exitCode === 1 && row.shown === row.attempts;
      if (isShown) again++;
      tell(`${name}: ${row.id}, ${row.shown} of ${row.attempts}, ${row.numbers} numbers`);
      if (!isShown) tell(`    ${row.line} exits ${row.exitCode}`);
      for (const what of row.unsent) tell(`    ${what} is said, and was not sent`);
      unsent += row.unsent.length;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  report.measured(`faults found within ${RUNS} cases, of ${FAULTS.length}`, found, 'faults');
  report.measured('    not shown by their line 10 times of 10', found - again, 'faults', { atMost: 0 });
  report.measured('    numbers in their words, read back from the octets', numbers, 'numbers');
  report.measured('    said, and not sent', unsent, 'numbers', { atMost: 0 });
}

export const section: BenchSection = {
  name: 'fuzz-findings',
  title:
    'findings for each fault of the lab host: shown again by the line they print, and their words held against what was sent',
  onlyByName: true,
  run: repeatAll,
};
