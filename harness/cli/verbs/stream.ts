import type { Command } from 'commander';
import type { KmsRequestInput } from '../../../protocol';
import type { Result, TrajectoryPoint } from '../../../reports/model';
import { exitCode } from '../../../reports/exit-code';
import { escapeTerminal } from '../../../reports/escape/terminal';
import { askTarget } from '../../asked-target';
import { HostFailure } from '../../client';
import { systemClock } from '../../clock';
import { Random } from '../../random';
import { streamChart } from '../../stream/chart';
import { generate } from '../../stream/generate';
import { isUnbounded, type StreamProgram } from '../../stream/notation';
import { parseStream } from '../../stream/parse';
import { runStream } from '../../stream/run-stream';
import { SegmentCollector } from '../../stream/segments';
import { streamRequest } from '../../stream/stream-request';
import { streamTable } from '../../stream/table';
import { TrajectoryCollector } from '../../stream/trajectory';
import { judgeStream, type StreamOutcome } from '../../stream/verdict';
import { begin } from '../beginning';
import { describeError } from '../describe-error';
import { wholeNumber } from '../option-values';
import { addReportOptions, addTargetOptions, resolveSettings, type Settings } from '../options';
import { writeReports } from '../report-files';
import { sectionReport } from '../section-report';
import { streamEstimate } from '../stream-estimate';
import type { CliContext, Verb } from '../verb';
import { type OpenedTarget, withTarget } from '../with-target';

/** Steps that are played beforehand without sending, so that a stream that cannot be played sends nothing. */
const REHEARSED_STEPS = 200_000;

interface StreamOptions {
  readonly keep?: boolean;
  readonly reset?: boolean;
  readonly requests?: number;
  readonly verbose?: boolean;
  readonly quiet?: boolean;
}

/** `kmsspec stream`: a generated CMID stream, the count after each request beside the model's. */
export const verb: Verb = {
  configure(command: Command): void {
    addReportOptions(addTargetOptions(command))
      .option('--keep', 'one connection for all requests, instead of one each as clients do')
      .option('--no-reset', 'do not reset the target first, where its controls could')
      .option(
        '--requests <N>',
        'stop after so many requests; for streams without an end',
        wholeNumber(1, 1e12),
      )
      .addHelpText('after', `\n${NOTATION_HELP}`);
  },

  async run(args, options, context): Promise<number> {
    const chosen: StreamOptions = options;
    const program = parseStream(args[0] ?? '');
    const settings = await resolveSettings(options, context);
    if (program.items.some(({ node, times }) => node.kind === 'mix' && times === 1)) {
      context.stderr.write(
        'kmsspec: note: a mix without a count draws one request; with one: mix(servers=20%)*1000\n',
      );
    }
    const first = rehearse(program, settings.seed, chosen.requests ?? REHEARSED_STEPS);
    return withTarget(settings, context, (opened) => send(program, first, chosen, settings, context, opened));
  },
};

const NOTATION_HELP = `The stream is items with blanks between them:
  server*15 client*45      new machines; also virtual, virtual(server), or a product: win7, vista, 2008-b, r2-c, office2010
  renew(server)*5          machines that ask again, the one that was silent longest first; renew(all), renew(newest)
  duplicate clone reimage  the same request again; another machine with the same CMID; a new CMID with CMID_prev
  wait(30d) reset restart  controls of the target
  (server client*2)*10     groups; shuffle(server*15 client*45) in an order that the seed gives
  mix(servers=20%, virtual=10%, renewals=50%, duplicates=1%, clones=1%, reimaged=1%)*1000
  *forever                 without an end (see --requests)`;

/**
 * @returns the first request that is going to be sent; null where none is within reach
 * @throws StreamError
 */
function rehearse(program: StreamProgram, seed: number, requests: number): KmsRequestInput | null {
  let steps = 0;
  let first: KmsRequestInput | null = null;
  const limit = Math.min(requests, REHEARSED_STEPS);
  for (const step of generate(program, { random: new Random(seed) })) {
    if (step.kind === 'request') first ??= streamRequest(step, systemClock.now());
    if (++steps >= limit) break;
  }
  return first;
}

/** What was seen of a stream: all of its points in bounded memory, and how the sending went. */
interface Sent {
  readonly collector: TrajectoryCollector;
  readonly segments: SegmentCollector;
  readonly outcome: StreamOutcome;
}

async function send(
  program: StreamProgram,
  first: KmsRequestInput | null,
  options: StreamOptions,
  settings: Settings,
  context: CliContext,
  opened: OpenedTarget,
): Promise<number> {
  const startedAt = new Date();
  const { collector, segments, outcome } = await play(program, first, options, settings, context, opened);
  const { target } = opened;
  const trajectory = collector.trajectory();
  const report = sectionReport({
    verb: 'stream',
    settings,
    context,
    target: target.description,
    startedAt,
    result: judgeStream(collector, outcome, target.profile),
    ended: endingOf(outcome, collector.requests, context),
    sections: { trajectory },
  });
  if (outcome.failure !== null) context.stderr.write(`kmsspec: ${describeError(outcome.failure).message}\n`);
  if (settings.reports.json !== '-' && (outcome.failure === null || collector.requests > 0)) {
    const lines = [
      ...(options.verbose ? listing(trajectory.points) : streamTable(segments)),
      '',
      ...streamChart(trajectory),
      '',
      ...verdictLines(report.results[0]!, settings, collector.requests, program),
    ];
    context.stdout.write(`${lines.map(escapeTerminal).join('\n')}\n`);
  }
  await writeReports(report, settings, context);
  return exitCode(report);
}

/** Sends the stream up to its end, a host that fails, or the requests that were asked for. */
async function play(
  program: StreamProgram,
  first: KmsRequestInput | null,
  { keep, reset, requests = Infinity, quiet }: StreamOptions,
  settings: Settings,
  context: CliContext,
  { target, observer }: OpenedTarget,
): Promise<Sent> {
  const host = askTarget(target, { keep: keep === true, observer });
  const collector = new TrajectoryCollector();
  const segments = new SegmentCollector();
  const outcome: StreamOutcome = { fresh: target.embedded, unreset: null, stopped: null, failure: null };
  const estimate = streamEstimate(program, { requests, quiet: quiet === true }, context);
  const { profile, keyGroup = 'any' } = target;
  const { signal } = context;
  const { seed } = settings;
  try {
    if (reset !== false) {
      const { isFresh, problem } = await begin(target, first, settings);
      outcome.fresh = isFresh;
      outcome.unreset = problem;
    }
    for await (const event of runStream({
      host,
      program,
      seed,
      profile,
      clock: systemClock,
      keyGroup,
      signal,
    })) {
      if (event.kind === 'stopped') outcome.stopped = event.reason;
      if (event.kind !== 'point') continue;
      const { point } = event;
      outcome.fresh ||= point.index === 0 && point.expected !== null && point.answered === point.expected;
      collector.add(point);
      segments.add(point);
      estimate(collector.requests);
      if (collector.requests >= requests) break;
    }
  } catch (error) {
    if (!(error instanceof HostFailure)) throw error;
    outcome.failure = error;
  } finally {
    await host.close();
  }
  return { collector, segments, outcome };
}

function endingOf({ stopped, failure }: StreamOutcome, requests: number, { signal }: CliContext) {
  if (failure?.kind === 'interrupted') return { how: 'interrupted' as const, message: failure.message };
  if (failure !== null) {
    const how = requests === 0 ? ('target-unreachable' as const) : ('target-died' as const);
    return { how, message: failure.message };
  }
  return signal.aborted && stopped !== null ? { how: 'interrupted' as const, message: stopped } : undefined;
}

function listing(points: readonly TrajectoryPoint[]): string[] {
  return points.map(({ index, sent, answered, expected, note }) => {
    const count = answered === null ? (note ?? 'no count') : String(answered);
    return `${String(index + 1).padStart(6)}  ${sent.padEnd(32)}  ${count.padStart(4)}  ${String(expected ?? 'refusal').padStart(4)}${answered === expected ? '' : '  <- differs'}`;
  });
}

function verdictLines(
  result: Result,
  settings: Settings,
  requests: number,
  program: StreamProgram,
): string[] {
  const sent = `${requests} requests${isUnbounded(program) ? ' of a stream without an end' : ''}, seed ${settings.seed}`;
  switch (result.outcome) {
    case 'passed':
      return [`${sent}: every count is the model's`];
    case 'failed':
      return [`${sent}: not as the model counts`, `  ${result.message}`];
    default:
      return [
        `${sent}: ${result.outcome}, ${result.reason}`,
        ...(result.message === undefined ? [] : [`  ${result.message}`]),
      ];
  }
}
