import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine } from '../../reports/command-line';
import { type Ending, type Report, REPORT_SCHEMA, type Result } from '../../reports/model';
import { summarise } from '../../reports/summary';
import { packageRoot } from '../package-root';
import type { TargetDescription } from '../target';
import type { Settings } from './options';
import type { CliContext } from './verb';

/** What a verb that judges one thing (a stream, a fleet, a load) makes a report of. */
export interface SectionRun {
  readonly verb: string;
  readonly settings: Settings;
  readonly context: CliContext;
  readonly target: TargetDescription;
  readonly startedAt: Date;
  readonly result: Omit<Result, 'durationMs' | 'suite' | 'repeat'>;
  readonly ended?: { readonly how: Ending; readonly message: string } | undefined;
  readonly sections: Pick<Report, 'trajectory' | 'fleet' | 'latency' | 'replay' | 'discovery'>;
}

/** The report of such a verb: its verdict as the one result, and the section beside it. */
export function sectionReport(run: SectionRun): Report {
  const { verb, settings, context, target, startedAt, ended } = run;
  const durationMs = Date.now() - startedAt.getTime();
  const argv = context.argv ?? [];
  const result: Result = {
    ...run.result,
    suite: run.result.id,
    durationMs,
    repeat: commandLine(['kmsspec', ...withSeed(argv, settings)]),
  };
  return {
    schema: REPORT_SCHEMA,
    tool: toolOf(),
    run: {
      startedAt: startedAt.toISOString(),
      durationMs,
      seed: settings.seed,
      shard: null,
      command: commandLine(['kmsspec', ...argv]),
      verb,
      failOn: [...settings.failOn],
      ...(ended === undefined ? {} : { ended: ended.how, endedMessage: ended.message }),
    },
    target,
    summary: summarise([result]),
    results: [result],
    ...run.sections,
  };
}

/** A seed that was drawn is named, so that the line repeats the run. */
function withSeed(argv: readonly string[], { seed, seedGiven }: Settings): readonly string[] {
  return seedGiven ? argv : [...argv, '--seed', String(seed)];
}

/** Name and version of this program, as reports have them. */
export function toolOf(): Report['tool'] {
  const { name, version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  return { name, version };
}
