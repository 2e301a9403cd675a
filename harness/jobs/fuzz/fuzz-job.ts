import { findingDecides } from '../../../reports/results/exit-code';
import { DEFAULT_FAIL_ON, type Level } from '../../../reports/results/levels';
import { commandLine } from '../../../reports/results/command-line';
import type { JobOutcome } from '../../../reports/results/job-outcome';
import type { Coverage, Finding as ReportedFinding } from '../../../reports/results/model';
import type { ConnectionObserver } from '../../client';
import { UsageError } from '../../support/usage-error';
import { type CampaignResult, runCampaign } from './campaign';
import type { Progress } from './progress';
import { keptIn } from './feedback/kept-file';
import { causesOf } from './findings/causes';
import type { Finding } from './findings/finding';
import { describeFinding } from './describe-finding';
import { loadFinding, narrowingWords } from './findings/findings-folder';
import { isToBeNarrowed } from './findings/narrow-death';
import { Journal } from './journal';
import type { CampaignSettings } from './settings';
import type { Clause } from '../../cases/judge/clauses';

/** A campaign, and how far it goes. The target is part of its settings: each worker opens it for itself. */
export interface FuzzPlan {
  readonly settings: CampaignSettings & { readonly out: string };
  /** Cases in all shards together; null for no end. */
  readonly runs: number | null;
  /** How long to run; null for no end. */
  readonly milliseconds: number | null;
  /** Forget what the journal holds of this campaign, and begin again. */
  readonly afresh?: boolean | undefined;
  /** The requirements that findings are told by: the catalogue of `kmsspec/scenarios`. Without it each finding decides. */
  readonly clauses?: readonly Clause[];
  /** Levels that decide: with `stopOnFinding`, the first finding of one of them is the end. */
  readonly failOn?: readonly Level[] | undefined;
  /** The folder for findings as reports name it; as `settings.out` has it unless told. */
  readonly shownOut?: string;
}

/** Who hears of a campaign while it runs, and what ends it. */
export interface FuzzJobOptions {
  readonly signal?: AbortSignal | undefined;
  /** Hears of every connection; only where there is one worker. */
  readonly observer?: ConnectionObserver | undefined;
  readonly onFinding?: (finding: Finding) => void;
  /** Hears what the user should know at once, such as that a host is waited for. */
  readonly onNotice?: (text: string) => void;
  readonly onProgress?: (progress: Progress) => void;
}

/** What a campaign came to. */
export interface FuzzOutcome extends JobOutcome {
  readonly sections: { readonly coverage: Coverage; readonly findings: ReportedFinding[] };
  readonly result: CampaignResult;
}

/** The folder for findings that a command line need not name. */
export const USUAL_OUT = 'kmsspec-findings';

/**
 * Runs a campaign of generated cases, or takes it up where its journal says it was broken off (sections `coverage` and `findings`).
 * Each finding is shrunk, saved into the folder and carries what went over the wire when it was reproduced.
 * @throws HostFailure, UsageError where it cannot begin
 */
export async function fuzz(plan: FuzzPlan, options: FuzzJobOptions = {}): Promise<FuzzOutcome> {
  const { settings, runs, milliseconds } = plan;
  const journal = new Journal(settings.out, identityOf(settings), plan.afresh);
  if (plan.afresh === true) keptIn(settings.out).forget();
  let result: CampaignResult;
  try {
    const stopsOn = settings.stopOnFinding ? (found: Finding): boolean => decides(found, plan) : undefined;
    const decidingClauses = decidingClausesOf(plan);
    result = await runCampaign({
      ...options,
      settings: { ...settings, decidingClauses },
      runs,
      milliseconds,
      stopsOn,
      journal,
    });
  } finally {
    journal.close();
  }
  const { ended, endedMessage, coverage } = result;
  const causes = causesOf(result.findings.map(({ finding }) => finding));
  const all = await Promise.all(result.findings.map((found) => reported(found, plan)));
  return {
    results: [],
    sections: {
      coverage,
      findings: byCause(all, causes),
    },
    ended:
      ended === 'complete'
        ? undefined
        : {
            how: ended,
            message: endedMessage ?? 'interrupted; the same command line takes it up again',
          },
    warnings: warningsOf(result),
    result,
  };
}

function decidingClausesOf({ clauses, failOn = DEFAULT_FAIL_ON }: FuzzPlan): readonly string[] | undefined {
  return clauses?.filter(({ level }) => failOn.includes(level)).map(({ id }) => id);
}

/** Whether a finding fails the campaign: by the level of the requirement that it breaks. */
function decides(
  { clause, reproduced }: Finding,
  { clauses = [], failOn = DEFAULT_FAIL_ON }: FuzzPlan,
): boolean {
  const level = clauses.find(({ id }) => id === clause)?.level;
  return findingDecides(
    { state: reproduced ? 'new' : 'flaky', ...(level === undefined ? {} : { level }) },
    failOn,
  );
}

/** What tells campaigns apart: the same cases, on the same target. */
function identityOf({
  seed,
  levels,
  corpus,
  shard,
  target,
  feedback = 'none',
}: CampaignSettings): Record<string, unknown> {
  const { address, profile, keyGroup, lab } = target;
  // Campaigns without feedback are called as they always were.
  const how = feedback === 'none' ? {} : { feedback };
  return { seed, levels, corpus, shard, target: address, profile: profile.name, keyGroup, lab, ...how };
}

/** Each finding that stands for others, followed by them. */
function byCause(all: readonly ReportedFinding[], causes: ReadonlyMap<string, string>): ReportedFinding[] {
  return all
    .filter(({ id }) => !causes.has(id))
    .flatMap((head) => {
      const others = all.filter(({ id }) => causes.get(id) === head.id);
      if (others.length === 0) return [head];
      const also = others.map(({ id }) => id);
      return [{ ...head, also }, ...others.map((other) => ({ ...other, cause: head.id }))];
    });
}

async function reported(
  { finding, cases }: CampaignResult['findings'][number],
  { settings, clauses = [], shownOut = settings.out }: FuzzPlan,
): Promise<ReportedFinding> {
  const outArgs = shownOut === USUAL_OUT ? [] : ['--out', shownOut];
  const { id, message, received, reproduced } = finding;
  return {
    ...describeFinding(finding, shownOut, clauses),
    ...{ message, received },
    state: reproduced ? 'new' : 'flaky',
    repeat: commandLine([
      ...(isToBeNarrowed(finding) ? narrowingWords(id) : ['kmsspec', 'fuzz', '--replay', id]),
      ...outArgs,
      ...settings.target.arguments,
    ]),
    cases: Math.max(1, cases),
    ...(await evidenceOf(id, settings.out)),
  };
}

async function evidenceOf(id: string, out: string): Promise<Pick<ReportedFinding, 'evidence'>> {
  try {
    return { evidence: [...(await loadFinding(out, id)).evidence] };
  } catch (error) {
    // A folder that somebody removed meanwhile takes its evidence along, not the finding.
    if (!(error instanceof UsageError)) throw error;
    return {};
  }
}

function warningsOf({ notes, unconfirmed }: CampaignResult): string[] {
  if (unconfirmed.length === 0) return [...notes];
  return [...notes, `seen once and not again, ${unconfirmed.length} times, such as: ${unconfirmed[0]}`];
}
