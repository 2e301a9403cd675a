import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  CASE_LEVELS,
  type CampaignResult,
  type CampaignSettings,
  Journal,
  runCampaign,
} from '../harness/jobs/fuzz';
import { type Allowance, growthOf } from '../harness/testing/flatness';
import { PROFILES } from '../harness/model/profile';
import type { BenchReport, BenchSection } from './section';

const CASES = 1_000_000;
const KILLS = 20;
const KILLED_RUNS = 40_000;
const FAULT = 'own-previous-cmid-forgets';
const MEGABYTE = 1 << 20;
const SAMPLES = 40;
/** What lives may grow by as much as in the long runs; what is resident breathes with the heap. */
const HEAP: Allowance = { absolute: 4, share: 0.05, by: 'median' };
const RESIDENT: Allowance = { absolute: 16, share: 0.1, by: 'median' };

/** The program that collects garbage now; the flag may be set while Node runs. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

function settings(folder: string): CampaignSettings {
  return {
    seed: 1,
    levels: CASE_LEVELS,
    corpus: join(__dirname, '..', 'captures', 'corpus'),
    lanes: 16,
    connections: 'kept',
    workers: 1,
    shard: { index: 1, of: 1 },
    timeoutMs: 15_000,
    stopOnFinding: false,
    out: folder,
    target: {
      address: null,
      arguments: [],
      allowRemote: false,
      profile: PROFILES['win7-2008r2'],
      keyGroup: null,
      controls: {},
      controlsFolder: folder,
      macKey: null,
      lab: {},
    },
  };
}

/** A million cases of all levels against the good lab host. */
async function goodHost(folder: string, report: BenchReport): Promise<void> {
  const journal = new Journal(folder, { bench: 'good' });
  const collect = collector();
  const heap: number[] = [];
  const resident: number[] = [];
  let result: CampaignResult;
  try {
    result = await runCampaign({
      settings: settings(folder),
      runs: CASES,
      milliseconds: null,
      journal,
      onProgress: ({ cases }) => {
        if (cases % (CASES / SAMPLES) !== 0) return;
        collect();
        const { heapUsed, external, rss } = process.memoryUsage();
        heap.push((heapUsed + external) / MEGABYTE);
        resident.push(rss / MEGABYTE);
      },
    });
  } finally {
    journal.close();
  }
  report.measured(`findings in ${result.cases} cases on a good host`, result.findings.length, '', {
    atMost: 0,
  });
  report.measured('    deadlines that passed once and not again', result.unconfirmed.length, '');
  report.measured('    cases', result.coverage.casesPerSecond, 'a second');
  for (const [what, series, allowance] of [
    ['heap behind a collection', heap, HEAP],
    ['resident memory', resident, RESIDENT],
  ] as const) {
    const { early, late, allowed } = growthOf(series, allowance);
    const range = `${early.toFixed(1)} to ${late.toFixed(1)}`;
    report.measured(`    ${what}, ${range}`, late - early, 'MB more', { atMost: allowed });
  }
  for (const { finding } of result.findings) report.note(`    ${finding.id}: ${finding.message}`);
}

/** kill -9 in the middle, again and again; then to the end. */
async function killed(folder: string, report: BenchReport): Promise<void> {
  const main = join(__dirname, '..', 'dist', 'harness', 'cli', 'main.js');
  const args = [
    main,
    'fuzz',
    '--runs',
    String(KILLED_RUNS),
    '--seed',
    '3',
    '--fault',
    FAULT,
    '--out',
    folder,
    '--json',
  ];
  const before = new Set<string>();
  let kills = 0;
  for (let round = 0; round < KILLS; round++) {
    const child = spawn(process.execPath, [...args, '-'], { stdio: 'ignore' });
    const timer = setTimeout(() => child.kill('SIGKILL'), 600 + 37 * round);
    const [code] = (await once(child, 'exit')) as [number | null];
    clearTimeout(timer);
    if (code === null) kills++;
    for (const name of readdirSync(folder)) if (!/^(journal|\.)/.test(name)) before.add(name);
  }
  const child = spawn(process.execPath, [...args, '-'], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  const { coverage, findings } = JSON.parse(text) as {
    coverage: { cases: number };
    findings: { id: string }[];
  };
  const ids = new Set(findings.map(({ id }) => id));
  const lost = [...before].filter((id) => !ids.has(id));
  report.measured('kills in the middle of a campaign', kills, '', { atLeast: KILLS });
  report.measured('    cases in the end, missing or too many', Math.abs(coverage.cases - KILLED_RUNS), '', {
    atMost: 0,
  });
  report.measured('    findings that were lost', lost.length, `of ${ids.size}`, { atMost: 0 });
}

export const section: BenchSection = {
  name: 'fuzz-campaign',
  title: `${CASES} cases against a good host, and a campaign that is killed ${KILLS} times`,
  onlyByName: true,
  async run(report) {
    for (const part of [killed, goodHost]) {
      const folder = mkdtempSync(join(tmpdir(), 'kmsspec-bench-fuzz-'));
      try {
        await part(folder, report);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
  },
};
