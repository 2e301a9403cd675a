import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CASE_LEVELS } from '../harness/jobs/fuzz';
import type { RunContext } from '../harness/cases/conduct/capabilities';
import { lanesFor, learnPace } from '../harness/cases/conduct/pace';
import { Patience } from '../harness/cases/conduct/patience';
import { learnCapabilities } from '../harness/cases/conduct/probe';
import { runCase } from '../harness/cases/conduct/run-case';
import { Feedback } from '../harness/jobs/fuzz/feedback/feedback';
import { FeedbackSource } from '../harness/jobs/fuzz/feedback/feedback-source';
import { caseArbitrary } from '../harness/cases/generate/case-arbitrary';
import { CaseSource } from '../harness/cases/generate/case-source';
import { NO_CORPUS } from '../harness/cases/generate/corpus';
import { CoverageTable } from '../harness/cases/judge/coverage';
import { LeakWatch } from '../harness/cases/judge/leak-watch';
import { buildCHost, C_HOST_FAULTS, startCHost } from '../harness/jobs/fuzz/testing/c-host/c-host';
import { PROFILES } from '../harness/model/profile';
import { Random } from '../harness/support/random';
import type { BenchReport, BenchSection } from './section';

const SEEDS = Number(process.env['FUZZ_FEEDBACK_SEEDS'] ?? 3);
/** Without feedback the search is given up here, which makes the share come out too large at most. */
const MOST = Number(process.env['FUZZ_FEEDBACK_MOST'] ?? 20_000);
const MOST_SECONDS = 300;

interface Search {
  readonly cases: number;
  readonly seconds: number;
  readonly found: boolean;
}

/** Cases of a seed until the host dies. */
async function search(program: string, fault: number, seed: number, withCoverage: boolean): Promise<Search> {
  const host = await startCHost(program, fault);
  const startedAt = performance.now();
  const secondsNow = (): number => (performance.now() - startedAt) / 1000;
  try {
    const base = {
      endpoint: { host: '127.0.0.1', port: host.port },
      profile: PROFILES['win7-2008r2'],
      mac: undefined,
      timeoutMs: 15_000,
    };
    const random = new Random(seed);
    const capabilities = await learnCapabilities(base, random, 0);
    const pace = await learnPace({ ...base, capabilities }, random);
    const context: RunContext = { ...base, capabilities, patience: new Patience(15_000, pace.answerMs) };
    const levels = CASE_LEVELS.filter((level) => level !== 'control');
    const arbitrary = caseArbitrary({ levels, corpus: NO_CORPUS });
    const source = withCoverage ? new FeedbackSource(arbitrary, seed) : new CaseSource(arbitrary, seed);
    const feedback = source instanceof FeedbackSource ? new Feedback(source, host.coverage) : null;
    const tools = {
      context,
      controls: {},
      watch: new LeakWatch(),
      coverage: new CoverageTable(),
      count: null,
    };
    let index = 0;
    const lane = async (): Promise<void> => {
      while (!host.isDead && index < MOST && secondsNow() < MOST_SECONDS) {
        const fuzzCase = windowsOnly(source.next(index++));
        if (feedback === null) await runCase(fuzzCase, tools);
        else await feedback.observe(fuzzCase, (trace) => runCase(fuzzCase, { ...tools, trace }));
      }
    };
    const lanes = withCoverage ? 1 : lanesFor(pace, 15_000);
    await Promise.all(Array.from({ length: lanes }, lane));
    return { cases: index, seconds: secondsNow(), found: host.isDead };
  } finally {
    await host.close();
  }
}

const WINDOWS = '55c92734-d682-4d71-983e-d6ec3f16059f';
const windowsOnly = <T extends object>(fuzzCase: T): T => ({ ...fuzzCase, applications: [WINDOWS, WINDOWS] });

const medianOf = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

async function compare(report: BenchReport): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kmsspec-c-host-'));
  try {
    const program = buildCHost(folder);
    const medians = { without: [] as number[], with: [] as number[] };
    let missed = 0;
    let slowest = 0;
    for (let fault = 1; fault <= C_HOST_FAULTS; fault++) {
      const all = { without: [] as Search[], with: [] as Search[] };
      for (let seed = 1; seed <= SEEDS; seed++) {
        all.without.push(await search(program, fault, seed, false));
        all.with.push(await search(program, fault, seed, true));
      }
      missed += all.with.filter(({ found }) => !found).length;
      slowest = Math.max(slowest, ...all.with.map(({ seconds }) => seconds));
      const [without, guided] = [all.without, all.with].map((one) => medianOf(one.map(({ cases }) => cases)));
      medians.without.push(without!);
      medians.with.push(guided!);
      const never = all.without.filter(({ found }) => !found).length;
      report.measured(`fault ${fault}, without coverage (${never} of ${SEEDS} never)`, without!, 'cases');
      report.measured('    with', guided!, 'cases');
    }
    report.measured('faults of memory that were not found with coverage', missed, '', { atMost: 0 });
    report.measured('    the slowest was found in', slowest, 's', { atMost: MOST_SECONDS });
    const share = medianOf(medians.with) / medianOf(medians.without);
    report.measured('    share of the cases, median over the faults', share, '', { atMost: 0.2 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const section: BenchSection = {
  name: 'fuzz-coverage',
  title: `cases to the ten memory faults of a C host, over ${SEEDS} seeds, with controls.coverage and without`,
  onlyByName: true,
  run: compare,
};
