import { type Command, InvalidArgumentError } from 'commander';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { commandLine } from '../../../reports/command-line';
import { escapeTerminal } from '../../../reports/escape/terminal';
import { exitCode } from '../../../reports/exit-code';
import {
  type Ending,
  type Finding as ReportedFinding,
  type Report,
  REPORT_SCHEMA,
} from '../../../reports/model';
import { summarise } from '../../../reports/summary';
import type { ConnectionObserver } from '../../client';
import { checkControlPrograms } from '../../config/control-programs';
import { formatDuration, parseDuration } from '../../duration';
import {
  CASE_LEVELS,
  type CampaignResult,
  type CampaignSettings,
  type CaseLevel,
  Journal,
  loadFinding,
  type Progress,
  type Replayed,
  replayFinding,
  runCampaign,
  type SavedFinding,
  targetOf,
} from '../../fuzz';
import { packageRoot } from '../../package-root';
import { Random } from '../../random';
import type { TargetDescription } from '../../target';
import { UsageError } from '../../usage-error';
import { addLabOptions, labOptions } from '../lab-options';
import { oneOf, shard, wholeNumber } from '../option-values';
import { addReportOptions, addTargetOptions, resolveSettings, type Settings } from '../options';
import { writeReports } from '../report-files';
import { toolOf } from '../section-report';
import type { CliContext, Verb } from '../verb';
import { withCapture } from '../with-capture';
import { withHostOfDomain } from '../with-target';

interface FuzzFlags {
  readonly runs?: number;
  readonly time?: number;
  readonly workers: number;
  readonly lanes: number;
  readonly connections: 'kept' | 'each';
  readonly levels?: readonly CaseLevel[];
  readonly corpus?: string;
  readonly out: string;
  readonly stopOnFinding?: boolean;
  readonly afresh?: boolean;
  readonly replay?: string;
  readonly attempts: number;
  readonly quiet?: boolean;
}

const DEFAULT_RUNS = 20_000;

/** `kmsspec fuzz`: a campaign of generated cases, or one saved finding again. */
export const verb: Verb = {
  configure(command: Command): void {
    addLabOptions(addReportOptions(addTargetOptions(command)))
      .option(
        '--runs <N>',
        `cases in all shards together; ${DEFAULT_RUNS} unless --time is given`,
        wholeNumber(1, 1e12),
      )
      .option('--time <DURATION>', 'how long, such as 30s, 10m or 8h', duration)
      .option('--shard <I/N>', 'this part of the cases only', shard)
      .option('--workers <N>', 'threads; each has an embedded host of its own', wholeNumber(1, 64), 1)
      .option('--lanes <N>', 'cases at the same time in each worker', wholeNumber(1, 256), 16)
      .option(
        '--connections <HOW>',
        'kept (default) or each: single calls over a connection each',
        oneOf('kept', 'each'),
        'kept',
      )
      .option('--levels <NAMES>', `what is varied: ${CASE_LEVELS.join(',')}`, levels)
      .option('--corpus <DIR>', 'captures whose requests are mutated; those that kmsspec ships by default')
      .option('--out <DIR>', 'folder for findings and the journal', 'kmsspec-findings')
      .option('--stop-on-finding', 'end at the first finding')
      .option('--afresh', 'forget what the journal holds of this campaign, and begin again')
      .option('--replay <ID>', 'run a saved finding again: fixed, still failing, or flaky')
      .option('--attempts <N>', 'how often --replay tries', wholeNumber(1, 1000), 10);
  },

  async run(_args, options, context): Promise<number> {
    const flags = options as unknown as FuzzFlags;
    const settings = await withHostOfDomain(await resolveSettings(options, context), context.signal);
    if (settings.pcap !== undefined && flags.workers > 1)
      throw new UsageError('--pcap writes one capture from one thread: leave out --workers');
    if (settings.target !== undefined) checkControlPrograms(settings);
    const campaign = campaignSettings(flags, settings, options, context);
    return withCapture(settings.pcap, (observer) =>
      flags.replay === undefined
        ? fuzz(campaign, flags, settings, context, observer)
        : replay(flags.replay, campaign, flags, settings, context, observer),
    );
  },
};

function duration(text: string): number {
  const seconds = parseDuration(text);
  if (seconds === undefined || seconds <= 0)
    throw new InvalidArgumentError('expected a duration such as 30s, 10m or 8h.');
  return seconds;
}

function levels(text: string): readonly CaseLevel[] {
  return text.split(',').map((name) => {
    const level = CASE_LEVELS.find((candidate) => candidate === name.trim());
    if (level === undefined) throw new InvalidArgumentError(`expected some of ${CASE_LEVELS.join(', ')}.`);
    return level;
  });
}

function campaignSettings(
  flags: FuzzFlags,
  settings: Settings,
  options: Readonly<Record<string, unknown>>,
  context: CliContext,
): CampaignSettings {
  const shipped = join(packageRoot(), 'captures', 'corpus');
  return {
    seed: settings.seed,
    levels: flags.levels ?? CASE_LEVELS,
    corpus:
      flags.corpus === undefined
        ? existsSync(shipped)
          ? shipped
          : null
        : resolve(context.cwd, flags.corpus),
    lanes: flags.lanes,
    connections: flags.connections,
    workers: flags.workers,
    shard: settings.shard ?? { index: 1, of: 1 },
    timeoutMs: settings.timeoutMs,
    stopOnFinding: flags.stopOnFinding === true,
    out: resolve(context.cwd, flags.out),
    target: {
      address: settings.target ?? null,
      allowRemote: settings.allowRemote,
      profile: settings.profile,
      keyGroup: settings.keyGroup ?? null,
      controls: settings.config.controls ?? {},
      controlsFolder: settings.configFolder,
      macKey: settings.macKey ?? null,
      lab: labOptions(options, settings.target),
    },
  };
}

/** What tells campaigns apart: the same cases, on the same target. */
function identityOf({
  seed,
  levels: chosen,
  corpus,
  shard: part,
  target,
}: CampaignSettings): Record<string, unknown> {
  const { address, profile, keyGroup, lab } = target;
  return { seed, levels: chosen, corpus, shard: part, target: address, profile: profile.name, keyGroup, lab };
}

async function fuzz(
  campaign: CampaignSettings,
  flags: FuzzFlags,
  settings: Settings,
  context: CliContext,
  observer: ConnectionObserver | undefined,
): Promise<number> {
  const startedAt = new Date();
  const journal = new Journal(campaign.out!, identityOf(campaign), flags.afresh);
  const progress = new ProgressLine(context, flags.quiet === true || settings.reports.json === '-');
  const seedLine = `seed ${settings.seed}`;
  if (flags.quiet !== true) context.stderr.write(`kmsspec: fuzzing with ${seedLine}\n`);
  let result: CampaignResult;
  try {
    result = await runCampaign({
      settings: campaign,
      runs: flags.runs ?? (flags.time === undefined ? DEFAULT_RUNS : null),
      milliseconds: flags.time === undefined ? null : flags.time * 1000,
      stopOnFinding: flags.stopOnFinding === true,
      journal,
      signal: context.signal,
      observer,
      onFinding: (finding) => progress.say(`finding ${finding.id}: ${finding.message}`),
      onProgress: (now) => progress.show(now),
    });
  } finally {
    progress.end();
    journal.close();
  }
  const target = describeTarget(campaign);
  const report: Report = {
    ...reportHead('fuzz', settings, campaign, context, startedAt, target),
    coverage: result.coverage,
    findings: result.findings.map(({ finding, cases }) => ({
      id: finding.id,
      oracle: finding.oracle,
      title: finding.differs,
      message: finding.message,
      state: finding.reproduced ? 'new' : 'flaky',
      seed: finding.seed,
      path: String(finding.index),
      requests: finding.requests,
      shrunkFrom: finding.shrunkFrom,
      cases: Math.max(1, cases),
      folder: join(flags.out, finding.id),
      repeat: commandLine([
        'kmsspec',
        'fuzz',
        '--replay',
        finding.id,
        ...outArgs(flags),
        ...targetArgs(campaign),
      ]),
      expected: finding.expected,
      received: finding.received,
    })),
  };
  setEnding(report, result);
  const evidence = await evidenceOf(report.findings ?? [], campaign.out!);
  for (const [finding, saved] of evidence) finding.evidence = [...saved.evidence];
  if (settings.reports.json !== '-')
    context.stdout.write(`${fuzzLines(report, result, settings, flags).map(escapeTerminal).join('\n')}\n`);
  await writeReports(report, settings, context);
  return exitCode(report);
}

const outArgs = ({ out }: FuzzFlags): string[] => (out === 'kmsspec-findings' ? [] : ['--out', out]);
const targetArgs = ({ target }: CampaignSettings): string[] => [
  ...(target.address === null ? [] : ['--target', target.address]),
  ...(target.lab.faults ?? []).flatMap((fault) => ['--fault', fault]),
];

function setEnding(report: Report, { ended, endedMessage, notes, unconfirmed }: CampaignResult): void {
  const slow =
    unconfirmed.length === 0
      ? []
      : [`${unconfirmed.length} deadlines passed once and not again, such as: ${unconfirmed[0]}`];
  const warnings = [...notes, ...slow];
  if (warnings.length > 0) report.run.warnings = warnings;
  if (ended === 'complete') return;
  report.run.ended = ended satisfies Ending;
  report.run.endedMessage = endedMessage ?? 'interrupted; the same command line takes it up again';
}

async function evidenceOf(
  findings: readonly ReportedFinding[],
  out: string,
): Promise<[ReportedFinding, SavedFinding][]> {
  const saved: [ReportedFinding, SavedFinding][] = [];
  for (const finding of findings) {
    try {
      saved.push([finding, await loadFinding(out, finding.id)]);
    } catch (error) {
      // A folder that somebody removed meanwhile takes its evidence along, not the finding.
      if (!(error instanceof UsageError)) throw error;
    }
  }
  return saved;
}

function describeTarget({ target }: CampaignSettings): TargetDescription {
  return {
    address: target.address ?? 'embedded lab host',
    embedded: target.address === null,
    profile: target.profile.name,
    controls: target.address === null ? ['reset', 'restart', 'clock'] : Object.keys(target.controls),
  };
}

function reportHead(
  verbName: string,
  settings: Settings,
  campaign: CampaignSettings,
  context: CliContext,
  startedAt: Date,
  target: TargetDescription,
): Report {
  return {
    schema: REPORT_SCHEMA,
    tool: toolOf(),
    run: {
      startedAt: startedAt.toISOString(),
      durationMs: Date.now() - startedAt.getTime(),
      seed: settings.seed,
      shard: settings.shard === null ? null : { ...settings.shard },
      command: commandLine(['kmsspec', ...(context.argv ?? [])]),
      verb: verbName,
      failOn: [...settings.failOn],
    },
    target,
    summary: summarise([]),
    results: [],
  };
}

function fuzzLines(report: Report, result: CampaignResult, settings: Settings, flags: FuzzFlags): string[] {
  const { coverage } = result;
  const rate = Math.round(coverage.casesPerSecond);
  const took = formatDuration(report.run.durationMs / 1000);
  const lines = [
    `${result.cases} cases in ${took} (${rate} a second), seed ${settings.seed}: ${countOf(result.findings.length)}`,
  ];
  for (const finding of report.findings ?? []) {
    const size = finding.requests === 1 ? '1 request' : `${finding.requests} requests`;
    lines.push(
      '',
      `${finding.id}  ${finding.oracle}${finding.state === 'flaky' ? ', seen once and not again' : ''}`,
      `  ${finding.message}`,
      `  ${size} (shrunk from ${finding.shrunkFrom}), shown by ${finding.cases} ${finding.cases === 1 ? 'case' : 'cases'}`,
      `  ${finding.folder}`,
      `  ${finding.repeat}`,
    );
  }
  for (const warning of report.run.warnings ?? []) lines.push('', `note: ${warning}`);
  if (result.ended !== 'complete') {
    const again = settings.seedGiven ? '' : ` --seed ${settings.seed}`;
    lines.push(
      '',
      `${report.run.endedMessage}${result.ended === 'interrupted' && again !== '' ? ` with${again}` : ''}`,
    );
  }
  if (coverage.resumed === true)
    lines.push('', `taken up from the journal in ${flags.out}; --afresh begins again`);
  return lines;
}

const countOf = (findings: number): string =>
  findings === 0 ? 'no finding' : findings === 1 ? '1 finding' : `${findings} findings`;

async function replay(
  id: string,
  campaign: CampaignSettings,
  flags: FuzzFlags,
  settings: Settings,
  context: CliContext,
  observer: ConnectionObserver | undefined,
): Promise<number> {
  const startedAt = new Date();
  const saved = await loadFinding(campaign.out!, id);
  const target = await targetOf(campaign.target, settings.seed, settings.timeoutMs, context.signal);
  let replayed: Replayed;
  try {
    const random = new Random(settings.seed).fork('replay');
    replayed = await replayFinding(saved.finding, target, {
      timeoutMs: settings.timeoutMs,
      random,
      attempts: flags.attempts,
      observer,
    });
  } finally {
    await target.close();
  }
  const report: Report = {
    ...reportHead('fuzz', settings, campaign, context, startedAt, target.description),
    findings: [replayedFinding(saved, replayed, flags)],
  };
  if (settings.reports.json !== '-') {
    context.stdout.write(`${replayLines(saved, replayed).map(escapeTerminal).join('\n')}\n`);
  }
  await writeReports(report, settings, context);
  return exitCode(report);
}

function replayedFinding(
  { finding, evidence, repeat }: SavedFinding,
  { state, violation }: Replayed,
  flags: FuzzFlags,
): ReportedFinding {
  return {
    id: finding.id,
    oracle: finding.oracle,
    title: finding.differs,
    message: violation?.message ?? finding.message,
    state,
    seed: finding.seed,
    path: String(finding.index),
    requests: finding.requests,
    shrunkFrom: finding.shrunkFrom,
    folder: join(flags.out, finding.id),
    repeat: repeat[0] ?? '',
    expected: finding.expected,
    received: violation?.received ?? finding.received,
    evidence: [...evidence],
  };
}

const STATE_WORDS: Readonly<Record<Replayed['state'], string>> = {
  fixed: 'fixed',
  'still-failing': 'still failing',
  flaky: 'flaky',
};

function replayLines(
  { finding }: SavedFinding,
  { state, failures, attempts, violation, others }: Replayed,
): string[] {
  const lines = [
    `${finding.id}: ${STATE_WORDS[state]} (seen in ${failures} of ${attempts} tries)`,
    `  ${(violation ?? finding).message}`,
  ];
  for (const other of others) lines.push(`  beside it: ${other.message}`);
  return lines;
}

/** One line that is drawn over on a terminal; elsewhere, a line every few seconds. */
class ProgressLine {
  #shownAt = 0;
  #drawn = false;

  constructor(
    private readonly context: CliContext,
    private readonly silent: boolean,
  ) {}

  show({ cases, of, casesPerSecond, findings, secondsLeft }: Progress): void {
    const now = performance.now();
    const pauseMs = this.context.isTerminal ? 200 : 10_000;
    if (this.silent || now - this.#shownAt < pauseMs) return;
    this.#shownAt = now;
    const left = secondsLeft === null ? '' : `, ${formatDuration(Math.round(secondsLeft))} left`;
    const total = of === null ? '' : ` of ${of}`;
    const text = `${cases}${total} cases, ${Math.round(casesPerSecond)} a second, ${countOf(findings)}${left}`;
    if (this.context.isTerminal) {
      this.context.stderr.write(`\r\x1b[K${text}`);
      this.#drawn = true;
    } else {
      this.context.stderr.write(`${text}\n`);
    }
  }

  say(text: string): void {
    if (this.silent) return;
    this.end();
    this.context.stderr.write(`${escapeTerminal(text)}\n`);
  }

  end(): void {
    if (this.#drawn) this.context.stderr.write('\r\x1b[K');
    this.#drawn = false;
  }
}
