import { join } from 'node:path';
import { commandLine } from '../../../reports/command-line';
import { type Finding as ReportedFinding, type Report, REPORT_SCHEMA } from '../../../reports/model';
import { summarise } from '../../../reports/summary';
import type { CampaignSettings, Finding } from '../../fuzz';
import type { TargetDescription } from '../../target';
import type { Settings } from '../options';
import { toolOf } from '../section-report';
import type { CliContext } from '../verb';

/** What a run of `fuzz` is made of, whatever its mode. */
export interface FuzzRun {
  readonly settings: Settings;
  readonly campaign: CampaignSettings;
  readonly context: CliContext;
  readonly startedAt: Date;
}

/** The report of a run, before anything that came of it. */
export function reportOf({ settings, context, startedAt }: FuzzRun, target: TargetDescription): Report {
  return {
    schema: REPORT_SCHEMA,
    tool: toolOf(),
    run: {
      startedAt: startedAt.toISOString(),
      durationMs: Date.now() - startedAt.getTime(),
      seed: settings.seed,
      shard: settings.shard === null ? null : { ...settings.shard },
      command: commandLine(['kmsspec', ...(context.argv ?? [])]),
      verb: 'fuzz',
      failOn: [...settings.failOn],
    },
    target,
    summary: summarise([]),
    results: [],
  };
}

type Told = 'state' | 'repeat' | 'message' | 'received';

/** A finding as reports have it. */
export function findingOf(finding: Finding, out: string, told: Pick<ReportedFinding, Told>): ReportedFinding {
  const { id, oracle, differs, seed, index, requests, shrunkFrom, expected } = finding;
  const folder = join(out, id);
  return {
    id,
    oracle,
    title: differs,
    seed,
    path: String(index),
    requests,
    shrunkFrom,
    folder,
    expected,
    ...told,
  };
}
