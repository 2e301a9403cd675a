import { requestsOf } from '../harness/cases/case';
import { CASE_LEVELS } from '../harness/jobs/fuzz';
import { LeakWatch } from '../harness/cases/judge/leak-watch';
import { CoverageTable } from '../harness/cases/judge/coverage';
import { runCase } from '../harness/cases/conduct/run-case';
import { learnCapabilities, checkLiveness } from '../harness/cases/conduct/probe';
import type { RunContext } from '../harness/cases/conduct/capabilities';
import { Feedback } from '../harness/jobs/fuzz/feedback/feedback';
import { FeedbackSource } from '../harness/jobs/fuzz/feedback/feedback-source';
import { caseArbitrary } from '../harness/cases/generate/case-arbitrary';
import { CaseSource } from '../harness/cases/generate/case-source';
import { NO_CORPUS } from '../harness/cases/generate/corpus';
import { FAULTS, type FaultName } from '../harness/lab-host';
import { Random } from '../harness/support/random';
import { openTarget } from '../harness/target';
import type { BenchReport, BenchSection } from './section';

/** Seeds a fault, and cases a seed: fewer where somebody says so, since all of them take a while. */
const SEEDS = Number(process.env['FUZZ_FEEDBACK_SEEDS'] ?? 20);
const MOST = 20_000;
const DEADLINE_MS = 250;

interface Search {
  /** `MOST` where none showed it. */
  readonly cases: number;
  /** In all of these: the cases of feedback are longer. */
  readonly requests: number;
}

/** How many cases of a seed it takes until one shows a fault, one after the other. */
async function casesTo(fault: FaultName, seed: number, withFeedback: boolean): Promise<Search> {
  const target = await openTarget({ lab: { faults: [fault], seed: 1 } });
  try {
    const { endpoint, profile, mac, controls, clock } = target;
    const base = { endpoint, profile, mac, timeoutMs: DEADLINE_MS };
    const random = new Random(seed);
    const capabilities = await learnCapabilities(base, random, clock.now());
    const context: RunContext = { ...base, capabilities };
    const levels = CASE_LEVELS.filter((level) => level !== 'control');
    const arbitrary = caseArbitrary({ levels, corpus: NO_CORPUS });
    const source = withFeedback ? new FeedbackSource(arbitrary, seed) : new CaseSource(arbitrary, seed);
    const feedback = source instanceof FeedbackSource ? new Feedback(source) : null;
    const tools = { context, controls, watch: new LeakWatch(), coverage: new CoverageTable() };
    let requests = 0;
    for (let index = 0; index < MOST; index++) {
      const fuzzCase = source.next(index);
      requests += requestsOf([fuzzCase]);
      const result =
        feedback === null
          ? await runCase(fuzzCase, tools)
          : await feedback.observe(fuzzCase, (trace) => runCase(fuzzCase, { ...tools, trace }));
      if (result.violations.length > 0) return { cases: index + 1, requests };
      if (result.suspicious && (await checkLiveness(context, random, 1)) !== 'answers')
        return { cases: index + 1, requests };
    }
    return { cases: MOST, requests };
  } finally {
    await target.close();
  }
}

const medianOf = (searches: readonly Search[], of: keyof Search = 'cases'): number =>
  searches.map((one) => one[of]).toSorted((a, b) => a - b)[Math.floor(searches.length / 2)]!;

async function compare(report: BenchReport): Promise<void> {
  const only = process.env['FUZZ_FEEDBACK_FAULTS']?.split(',');
  const deep = FAULTS.filter(({ deep, name }) => deep !== undefined && (only?.includes(name) ?? true));
  const all: Record<'without' | 'with', Search[]> = { without: [], with: [] };
  for (const { name } of deep) {
    const found: Record<'without' | 'with', Search[]> = { without: [], with: [] };
    for (let seed = 1; seed <= SEEDS; seed++) {
      found.without.push(await casesTo(name, seed, false));
      found.with.push(await casesTo(name, seed, true));
    }
    all.without.push(...found.without);
    all.with.push(...found.with);
    report.note(`${name}: ${medianOf(found.without)} cases without feedback, ${medianOf(found.with)} with`);
  }
  report.measured('median number of cases to a deep fault, without feedback', medianOf(all.without), 'cases');
  report.measured('    with the feedback of answers', medianOf(all.with), 'cases');
  const share = medianOf(all.with) / medianOf(all.without);
  report.measured('    share', share, '', { atMost: 0.5 });
  const ofRequests = medianOf(all.with, 'requests') / medianOf(all.without, 'requests');
  report.measured('    share of the requests in these cases', ofRequests, '');
}

export const section: BenchSection = {
  name: 'fuzz-feedback',
  title: `cases to the deep faults of the lab host, over ${SEEDS} seeds, with and without feedback`,
  onlyByName: true,
  run: compare,
};
