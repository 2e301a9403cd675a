import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { fullReport } from '../reports/testing/full-report';
import type { BenchReport, BenchSection } from './section';

const MAIN = path.join(__dirname, '..', 'dist', 'harness', 'cli', 'main.js');
const PARTS = 1000;
/** Findings of each part. */
const FINDINGS = 4;
const DEADLINE_MS = 600_000;

/** `kmsspec merge` of as many parts as an array job of 1,000 tasks leaves, the whole process. */
export const section: BenchSection = {
  name: 'merge',
  title: `merge of ${PARTS} parts`,
  async run(report: BenchReport): Promise<void> {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'kmsspec-merge-'));
    try {
      const parts = writeParts(folder);
      const told = path.join(folder, 'told.cjs');
      const text = `process.on('exit', () => { const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
        process.stderr.write('told ' + JSON.stringify({ maxRSS, cpu: userCPUTime + systemCPUTime })); });`;
      writeFileSync(told, text);
      const started = performance.now();
      const whole = path.join(folder, 'whole.json');
      report.note(`${Math.round(statSync(parts[0]!).size / 1024)} kB each, ${FINDINGS} findings in each`);
      // There are findings: the exit code is 1.
      const { stderr } = await promisify(execFile)(
        process.execPath,
        ['--require', told, MAIN, 'merge', ...parts, '--json', whole],
        { timeout: DEADLINE_MS, maxBuffer: 64 << 20 },
      ).catch((error: { code?: number; stderr: string }) => {
        if (error.code !== 1) throw error as unknown as Error;
        return error;
      });
      const seconds = (performance.now() - started) / 1000;
      const { maxRSS, cpu } = JSON.parse(stderr.slice(stderr.lastIndexOf('told ') + 5)) as {
        maxRSS: number;
        cpu: number;
      };
      report.measured('all of it', seconds, 's', { atMost: 10 });
      report.measured('of these, processor time', cpu / 1e6, 's');
      report.measured('memory', maxRSS / 1024, 'MB', { atMost: 500 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

/** Shards of one run, each with latencies, coverage and findings of its own. */
function writeParts(folder: string): string[] {
  const { trajectory: _t, fleet: _f, replay: _r, discovery: _d, ...rest } = fullReport();
  const [finding] = rest.findings!;
  return Array.from({ length: PARTS }, (_, i) => {
    const findings = Array.from({ length: FINDINGS }, (_none, k) => ({ ...finding!, id: `count-${i}-${k}` }));
    const part = { ...rest, findings, run: { ...rest.run, shard: { index: i + 1, of: PARTS } } };
    const file = path.join(folder, `${i + 1}.json`);
    writeFileSync(file, JSON.stringify(part));
    return file;
  });
}
