import type { Command } from 'commander';
import { resolve } from 'node:path';
import { type Exchange, KEY_GROUPS, type KeyGroupSetting, type KmsRequest } from '../../../protocol';
import { escapeTerminal } from '../../../reports/escape/terminal';
import { exitCode } from '../../../reports/exit-code';
import type { Result } from '../../../reports/model';
import { Random } from '../../random';
import {
  acceptedNdr64,
  CONNECTION_MODES,
  type ConnectionMode,
  type Conversations,
  parseFilter,
  parseTiming,
  readConversations,
  recordedKeyGroup,
  replay,
  replayHeader,
  replayLine,
  type ReplayOutcome,
  replaySection,
  replaySummary,
  trajectorySection,
} from '../../replay';
import type { Target } from '../../target';
import { UsageError } from '../../usage-error';
import { begin, UNTOUCHED } from '../beginning';
import { describeError } from '../describe-error';
import { addLabOptions, labOptions } from '../lab-options';
import { oneOf, wholeNumber } from '../option-values';
import { addReportOptions, addTargetOptions, resolveSettings, type Settings } from '../options';
import { writeReports } from '../report-files';
import { sectionReport } from '../section-report';
import { type CliContext, EXIT, type Verb } from '../verb';
import { type OpenedTarget, withTarget } from '../with-target';

interface ReplayFlags {
  readonly raw?: boolean;
  readonly fresh?: boolean;
  readonly timing?: string;
  readonly connections?: ConnectionMode;
  readonly filter?: string;
  readonly port?: number;
  readonly strict?: boolean;
  readonly quiet?: boolean;
  readonly reset?: boolean;
}

/** `kmsspec replay`: sends a recorded capture's requests to the target and compares the answers. */
export const verb: Verb = {
  configure(command: Command): void {
    addLabOptions(addReportOptions(addTargetOptions(command)))
      .option(
        '--raw',
        'the recorded PDUs byte by byte, instead of the messages framed as the target negotiates',
      )
      .option('--fresh', 'new CMIDs (repeats stay repeats) and the time of now; MAC by --mac-key')
      .option('--timing <PACE>', 'fast (default), recorded, or xN: N times as fast as recorded')
      .option(
        '--connections <HOW>',
        'recorded (default), each: one a request, or one',
        oneOf(...CONNECTION_MODES),
      )
      .option('--filter <TERMS>', "only these, such as 'index=0-9 product=win7' (also stream, cmid, version)")
      .option('--port <PORT>', 'read connections with this port, and no others', wholeNumber(1, 65_535))
      .option('--no-reset', 'do not reset the target first, where its controls could')
      .option('--strict', 'a warning about the capture is an error');
  },

  async run([file = ''], options, context): Promise<number> {
    const flags: ReplayFlags = options;
    const settings = await resolveSettings(options, context);
    const lab = labOptions(options, settings.target);
    if (flags.raw && flags.fresh) {
      throw new UsageError('--raw sends what was recorded and --fresh something new: choose one of them');
    }
    parseTiming(flags.timing ?? 'fast');
    const filter = flags.filter === undefined ? () => true : parseFilter(flags.filter);
    const capture = await read(file, flags, context);
    const exchanges = capture.exchanges.filter(filter);
    for (const line of warningLines(capture)) context.stderr.write(`${line}\n`);
    if (flags.strict && capture.report.warnings.length > 0) return EXIT.usage;
    if (exchanges.length === 0) {
      const why =
        capture.exchanges.length === 0 ? 'holds no KMS requests' : 'holds none that the filter lets through';
      context.stderr.write(`kmsspec: ${file} ${why}: nothing to replay (--port reads other ports)\n`);
      return EXIT.inconclusive;
    }
    const plan = planOf(capture, exchanges, settings, flags);
    return withTarget(settings, context, (opened) => run(file, plan, flags, settings, context, opened), {
      ...plan.lab,
      ...lab,
    });
  },
};

interface Plan {
  readonly capture: Conversations;
  readonly exchanges: readonly Exchange[];
  /** What the model, and an embedded host, grant. */
  readonly keyGroup: KeyGroupSetting;
  readonly lab: { readonly keyGroup: KeyGroupSetting; readonly ndr64?: boolean };
  readonly notes: readonly string[];
}

function read(file: string, flags: ReplayFlags, context: CliContext): Promise<Conversations> {
  const source = file === '-' ? context.stdin : resolve(context.cwd, file);
  return readConversations(source, { name: file, ...(flags.port === undefined ? {} : { port: flags.port }) });
}

/** An embedded host plays the recorded one: it has a key that grants and refuses what the recording shows, unless told otherwise. */
function planOf(
  capture: Conversations,
  exchanges: readonly Exchange[],
  settings: Settings,
  flags: ReplayFlags,
): Plan {
  const implied = recordedKeyGroup(capture.exchanges);
  const keyGroup = settings.keyGroup ?? implied ?? 'any';
  const notes: string[] = [];
  if (settings.keyGroup === undefined && settings.target === undefined && keyGroup !== 'any') {
    notes.push(
      `the recorded host refused products; the embedded host has a key of group ${keyGroup}, which explains that (--key-group: ${KEY_GROUPS.join(', ')}, any)`,
    );
  }
  const ndr64 = flags.raw ? { ndr64: acceptedNdr64(capture.conversations.values()) } : {};
  return { capture, exchanges, keyGroup, lab: { keyGroup, ...ndr64 }, notes };
}

async function run(
  file: string,
  plan: Plan,
  flags: ReplayFlags,
  settings: Settings,
  context: CliContext,
  { target, observer }: OpenedTarget,
): Promise<number> {
  const startedAt = new Date();
  const warnings = [...plan.notes];
  const { isFresh, problem } =
    flags.reset === false && !target.embedded
      ? UNTOUCHED
      : await begin(target, exampleOf(plan.exchanges), settings);
  if (problem !== null) warnings.push(problem);
  const listing = !flags.quiet && settings.reports.json !== '-' && settings.reports.markdown !== '-';
  const say = (line: string): void => void (listing && context.stdout.write(`${line}\n`));
  say(`replaying ${escapeTerminal(file)} to ${describeTarget(target)}, seed ${settings.seed}`);
  say(replayHeader());
  const outcome = await replay({
    exchanges: plan.exchanges,
    target,
    observer,
    pace: parseTiming(flags.timing ?? 'fast'),
    connections: flags.connections ?? 'recorded',
    fresh: flags.fresh ? new Random(settings.seed).fork('replay') : undefined,
    raw: flags.raw ? plan.capture.conversations : undefined,
    warn: (message) => void (warnings.includes(message) || warnings.push(message)),
    keyGroup: plan.keyGroup,
    targetIsFresh: isFresh,
    intervals: settings.config.intervals ?? {},
    signal: context.signal,
    onRow: (row, before) => say(replayLine(row, before)),
  });
  for (const line of [...replaySummary(outcome.rows), ...warnings.map((note) => `note: ${note}`)]) {
    say(escapeTerminal(line));
  }
  const failed = outcome.rows.at(-1)?.failure;
  if (outcome.ended.startsWith('target') && failed) {
    context.stderr.write(`kmsspec: ${describeError(failed).message}\n`);
  }
  const report = sectionReport({
    verb: 'replay',
    settings,
    context,
    target: target.description,
    startedAt,
    result: resultOf(outcome, plan.exchanges.length),
    ended: outcome.ended === 'complete' ? undefined : { how: outcome.ended, message: outcome.message ?? '' },
    sections: {
      replay: replaySection(file, modeOf(flags), outcome.rows, warnings),
      trajectory: trajectorySection(outcome.rows),
    },
  });
  await writeReports(report, settings, context);
  return exitCode(report);
}

/** The first request that the recorded host counted: what the target counts too, if it grants the same. */
function exampleOf(exchanges: readonly Exchange[]): KmsRequest | null {
  const counted = exchanges.find(
    ({ answer, request: { content } }) => answer?.kind === 'response' && content.kind === 'clear',
  );
  return counted?.request.content.kind === 'clear' ? counted.request.content.value : null;
}

const modeOf = ({ raw, fresh }: ReplayFlags): string => (raw ? 'raw' : fresh ? 'fresh' : 'messages');

const describeTarget = ({ embedded, description }: Target): string =>
  embedded ? `an embedded lab host, profile ${description.profile}` : description.address;

function warningLines({ report }: Conversations): string[] {
  return report.warnings.map(({ offset, message }) =>
    escapeTerminal(`kmsspec: ${report.file} at byte ${offset}: ${message}`),
  );
}

type Verdict = Omit<Result, 'durationMs' | 'suite' | 'repeat'>;

function resultOf({ rows, ended, message }: ReplayOutcome, asked: number): Verdict {
  const verdict = {
    id: 'REPLAY',
    level: 'MUST' as const,
    title: 'answers recorded requests as the recorded host did',
    source: 'recorded exchanges; host model',
  };
  const differing = rows.filter(({ comparison }) => comparison.verdict === 'differs');
  const compared = rows.filter(({ comparison }) => comparison.verdict !== 'not-comparable').length;
  if (differing.length > 0) {
    const { recorded, comparison } = differing[0]!;
    const { path, recorded: before, answered, reason } = comparison.mustNotDiffer[0]!;
    return {
      ...verdict,
      outcome: 'failed',
      message: `exchange ${recorded.index}: ${path}: recorded ${before}, answered ${answered} (${reason}); ${differing.length} of ${rows.length} differ`,
    };
  }
  if (ended !== 'complete') return { ...verdict, outcome: 'not-run', reason: message ?? ended };
  if (compared === 0) {
    return {
      ...verdict,
      outcome: 'inconclusive',
      reason: rows[0]?.comparison.note ?? 'nothing could be compared',
    };
  }
  const unjudged = rows.find(
    ({ comparison, bounds }) => bounds !== null && comparison.verdict === 'not-comparable',
  );
  if (unjudged !== undefined) {
    const { recorded, comparison } = unjudged;
    return {
      ...verdict,
      outcome: 'inconclusive',
      reason: `exchange ${recorded.index}: ${comparison.note ?? ''}`,
    };
  }
  const left = asked - compared;
  const notes = left === 0 ? {} : { notes: [`${left} of ${asked} exchanges could not be compared`] };
  return { ...verdict, outcome: 'passed', ...notes };
}
