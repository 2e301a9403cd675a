import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Allowance, growthOf } from '../harness/testing/flatness';
import { parseReport, type Report } from '../reports/results/model';
import type { Sample } from './long-runs/sampler';
import {
  configurationFor,
  type HostControl,
  startWatched,
  startWatchedHost,
} from './long-runs/watched-process';
import type { BenchReport, BenchSection } from './section';

/** How long each run takes. */
const MINUTES = Number(process.env['KMSSPEC_LONG_RUN_MINUTES'] ?? 30);
/** All three at the same time, where the machine has the cores and the time is short. */
const TOGETHER = process.env['KMSSPEC_LONG_RUNS_TOGETHER'] === '1';
const SAMPLES = 120;
const RUN_MS = MINUTES * 60_000;
const PERIOD_MS = RUN_MS / SAMPLES;
const REPORT = 'report.json';

/** What each measure may grow by, from an early part of the run to a late one, and be called flat. */
const ALLOWANCES: Readonly<
  Record<keyof Sample, Allowance & { readonly unit: string; readonly what: string }>
> = {
  heapMb: { what: 'heap behind a collection', unit: 'MB more', absolute: 4, share: 0.05, by: 'median' },
  residentMb: { what: 'resident memory', unit: 'MB more', absolute: 16, share: 0.1, by: 'median' },
  descriptors: { what: 'open descriptors', unit: 'more', absolute: 4, share: 0, by: 'lowest' },
  resources: { what: 'active resources', unit: 'more', absolute: 4, share: 0, by: 'lowest' },
};

interface LongRun {
  readonly verb: string;
  readonly argv: readonly string[];
  /** Of the host's controls: each is a process of its own, which takes a hundred times as long as a request. */
  readonly controls: readonly HostControl[];
  /** Whether it goes on until it is interrupted: its verb is not bounded by real time. */
  readonly isInterrupted?: boolean;
  /** What was done, and what must not be. @throws Error where the run shows nothing */
  readonly done: (report: Report) => { readonly count: number; readonly unit: string };
}

const RUNS: readonly LongRun[] = [
  {
    verb: 'load',
    controls: ['reset'],
    argv: ['--rate', '50', '--duration', `${MINUTES * 60}s`],
    done: ({ results, latency }) => {
      if (results[0]?.outcome !== 'passed') throw new Error(results[0]?.message ?? 'nothing was judged');
      return { count: latency!.requests, unit: 'requests' };
    },
  },
  {
    verb: 'fuzz',
    controls: ['reset'],
    argv: ['--time', `${MINUTES * 60}s`],
    done: ({ findings = [], coverage }) => {
      if (findings.length > 0) throw new Error(`findings on a good host: ${JSON.stringify(findings)}`);
      return { count: coverage!.cases, unit: 'cases' };
    },
  },
  {
    verb: 'fleet',
    controls: ['reset', 'advanceClock'],
    argv: [
      ...['--clients', '5000', '--servers', '50', '--days', '365', '--step', '10m'],
      ...['--laptops', '30', '--reimage', '300d'],
    ],
    isInterrupted: true,
    done: ({ results, fleet }) => {
      const [verdict] = results;
      // What the interruption cut off is told as unanswered; a count that differs is not.
      if (verdict?.outcome === 'failed') throw new Error(verdict.message ?? 'the counts differ');
      const requests = fleet!.samples.reduce((sum, sample) => sum + sample.requests, 0);
      if (requests === 0) throw new Error('no virtual day went by: give it more time');
      return { count: requests, unit: 'requests' };
    },
  },
];

async function watch(run: LongRun, report: BenchReport): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), `kmsspec-long-${run.verb}-`));
  try {
    const host = await startWatchedHost(folder, PERIOD_MS);
    try {
      writeFileSync(join(folder, 'kmsspec.yaml'), configurationFor(host, run.controls));
      const argv = [run.verb, ...run.argv, '--seed', '1', '--quiet', '--json', REPORT];
      const harness = startWatched(argv, folder, PERIOD_MS);
      const end = run.isInterrupted ? setTimeout(() => harness.stop('SIGINT'), RUN_MS) : undefined;
      const exitCode = await harness.exitCode;
      clearTimeout(end);
      if (exitCode !== (run.isInterrupted ? 130 : 0))
        throw new Error(`${run.verb} ended with ${exitCode}: ${harness.said()}`);
      const { count, unit } = run.done(parseReport(readFileSync(join(folder, REPORT), 'utf8'), REPORT));
      report.measured(`${run.verb}: ${MINUTES} minutes, ${harness.samples.length} samples`, count, unit);
      return [
        ...judge(run.verb, harness.samples, report),
        ...judge(`${run.verb}: its lab host`, host.samples, report),
      ];
    } finally {
      host.stop('SIGTERM');
      await host.exitCode;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Tells each measure, and returns those that are not flat. */
function judge(whose: string, samples: readonly Sample[], report: BenchReport): string[] {
  const grown: string[] = [];
  if (samples.length < SAMPLES / 2)
    throw new Error(`${whose}: ${samples.length} samples of ${SAMPLES}; the machine was too busy to tell`);
  for (const [key, { what, unit, ...allowance }] of Object.entries(ALLOWANCES)) {
    const series = samples.map((sample) => sample[key as keyof Sample]);
    const { early, late, allowed, isFlat } = growthOf(series, allowance);
    report.measured(`    ${whose}: ${what}, ${early.toFixed(1)} to ${late.toFixed(1)}`, late - early, unit, {
      atMost: allowed,
    });
    if (!isFlat) grown.push(`${whose}: ${what} grew from ${early.toFixed(1)} to ${late.toFixed(1)}`);
  }
  return grown;
}

export const section: BenchSection = {
  name: 'long-runs',
  title: `load, fuzz and fleet for ${MINUTES} minutes each${TOGETHER ? ', side by side' : ''}: memory and open handles stay flat`,
  onlyByName: true,
  async run(report) {
    const wrong: string[] = [];
    // One that fails takes none of the others with it, and leaves no process behind.
    const watchOne = async (run: LongRun): Promise<void> => {
      try {
        wrong.push(...(await watch(run, report)));
      } catch (error) {
        wrong.push(error instanceof Error ? error.message : String(error));
      }
    };
    if (TOGETHER) await Promise.all(RUNS.map(watchOne));
    else for (const run of RUNS) await watchOne(run);
    if (wrong.length > 0) throw new Error(`not flat, or not run:\n    ${wrong.join('\n    ')}`);
  },
};
