import { type Command, InvalidArgumentError } from 'commander';
import { exitCode } from '../../../reports/exit-code';
import { writeConsole } from '../../../reports/console/report';
import type { Result } from '../../../reports/model';
import { PRODUCTS, type ProductKey } from '../../../protocol';
import { HostFailure, KmsClient } from '../../client';
import { parseDuration } from '../../duration';
import { machineRequest } from '../../client';
import { type LoadResult, runLoad } from '../../load';
import { Random } from '../../random';
import type { Target } from '../../target';
import { UsageError } from '../../usage-error';
import { begin } from '../beginning';
import { oneOf, wholeNumber } from '../option-values';
import { addReportOptions, addTargetOptions, resolveSettings, type Settings } from '../options';
import { writeReports } from '../report-files';
import { sectionReport } from '../section-report';
import { terminalWidth } from '../terminal-width';
import type { CliContext, Verb } from '../verb';
import { type OpenedTarget, withTarget } from '../with-target';

interface LoadCommand {
  readonly rate?: { readonly from: number; readonly to: number };
  readonly max?: boolean;
  readonly duration: number;
  readonly warmup: number;
  readonly ramp: number;
  readonly keep?: boolean;
  readonly connections?: number;
  readonly threads: number;
  readonly product: ProductKey;
  readonly machines: number;
  readonly sources?: readonly string[];
  readonly close: 'fin' | 'reset';
}

const DEFAULT_RATE = 100;
/** Connections that may be open at a time where each request has one of its own. */
const MOST_OPEN = 512;
const KEPT = 16;
/** How long a host that refused connections is waited for once the load is over. */
const LAST_WORD_MS = 2_000;
const PRODUCT_KEYS = PRODUCTS.map(({ key }) => key);

/** `kmsspec load`: open-loop load with latency percentiles, or as fast as a number of connections goes. */
export const verb: Verb = {
  configure(command: Command): void {
    addReportOptions(addTargetOptions(command))
      .option(
        '--rate <N>',
        `requests a second, or FROM..TO over the duration; ${DEFAULT_RATE} unless told`,
        rate,
      )
      .option('--max', 'as fast as the connections go, instead of a rate')
      .option('--duration <TIME>', 'of the measured part', duration, 10)
      .option('--warmup <TIME>', 'goes before it and is not measured', duration, 0)
      .option('--ramp <TIME>', 'goes before the warm-up: the rate rises from nothing', duration, 0)
      .option('--keep', 'keep the connections, instead of one for each request as clients do')
      .option(
        '--connections <N>',
        'kept connections, or how many may be open at a time',
        wholeNumber(1, 20_000),
      )
      .option('--threads <N>', 'threads that generate; 0 for a small load without any', wholeNumber(0, 64), 1)
      .option('--product <KEY>', 'what asks (kmsspec list products)', oneOf(...PRODUCT_KEYS), 'win7')
      .option('--machines <N>', 'different machines, which ask in turn', wholeNumber(1, 10_000_000), 1000)
      .option(
        '--sources <ADDRESSES>',
        'source addresses, used in turn, such as 127.0.0.2,127.0.0.3',
        addresses,
      )
      .option(
        '--close <HOW>',
        'how connections end: fin, or reset where the host allows it',
        oneOf('fin', 'reset'),
        'fin',
      )
      .addHelpText(
        'after',
        '\nBudgets of the configuration (p99Ms, rate) make it a gate: exit code 1 where one is not held.',
      );
  },

  async run(_args, options, context): Promise<number> {
    const chosen = options as unknown as LoadCommand;
    if (chosen.max && chosen.rate !== undefined) throw new UsageError('--max and --rate exclude each other');
    const settings = await resolveSettings(options, context);
    if (settings.pcap !== undefined && chosen.threads > 1)
      throw new UsageError('--pcap writes one capture from one thread: leave out --threads');
    return withTarget(settings, context, (opened) => put(chosen, settings, context, opened));
  },
};

async function put(
  chosen: LoadCommand,
  settings: Settings,
  context: CliContext,
  { target, observer }: OpenedTarget,
): Promise<number> {
  const startedAt = new Date();
  const example = machineRequest({
    product: chosen.product,
    random: new Random(settings.seed),
    clock: target.clock,
  });
  const { isFresh, problem } = await begin(target, example, settings);
  if (problem !== null) context.stderr.write(`kmsspec: note: ${problem}\n`);
  const result = await runLoad({
    endpoint: target.endpoint,
    rate: chosen.max ? null : (chosen.rate ?? { from: DEFAULT_RATE, to: DEFAULT_RATE }),
    durationMs: chosen.duration * 1000,
    warmupMs: chosen.warmup * 1000,
    rampMs: chosen.ramp * 1000,
    mode: chosen.keep ? 'kept' : 'each',
    connections: chosen.connections ?? (chosen.keep || chosen.max ? KEPT : MOST_OPEN),
    threads: observer === undefined ? chosen.threads : 0,
    observer,
    timeoutMs: settings.timeoutMs,
    seed: settings.seed,
    product: chosen.product,
    machines: chosen.machines,
    fresh: isFresh,
    sources: chosen.sources ?? [],
    closeWith: chosen.close,
    macKey: settings.macKey ?? null,
    budgets: settings.config.budgets ?? {},
    signal: context.signal,
  });
  const report = sectionReport({
    verb: 'load',
    settings,
    context,
    target: target.description,
    startedAt,
    result: judge(result, target),
    ended: await endingOf(result, target, context),
    sections: { latency: result.latency },
  });
  if (settings.reports.json !== '-')
    context.stdout.write(
      writeConsole(report, { color: context.color, width: terminalWidth(context.stdout) }),
    );
  await writeReports(report, settings, context);
  return exitCode(report);
}

type Verdict = Omit<Result, 'durationMs' | 'suite' | 'repeat'>;

/** Answers must be counts, and counts what some order of the requests explains; budgets are judged beside this. */
function judge(
  { latency, answered, failed, wrongCounts, firstWrongCount }: LoadResult,
  target: Target,
): Verdict {
  const verdict = {
    id: 'LOAD',
    level: 'MUST' as const,
    title: `answers ${latency.requests} requests under load, each with a count that the model of profile ${target.profile.name} allows`,
    source: 'understanding-kms 2.2; volume-activation-article (as CNT-12 and CNT-16)',
  };
  const classes = latency.failures.map(({ class: name, count }) => `${count} ${name}`).join(', ');
  if (answered === 0) {
    return {
      ...verdict,
      outcome: 'not-run',
      reason: classes === '' ? 'nothing was sent' : `no request was answered: ${classes}`,
    };
  }
  if (wrongCounts > 0) {
    return {
      ...verdict,
      outcome: 'failed',
      message: `${wrongCounts} counts are wrong; the first: ${firstWrongCount}`,
    };
  }
  if (failed > 0)
    return {
      ...verdict,
      outcome: 'failed',
      message: `${failed} of ${latency.requests} requests failed: ${classes}`,
    };
  return { ...verdict, outcome: 'passed' };
}

async function endingOf(
  { answered, latency }: LoadResult,
  target: Target,
  { signal }: CliContext,
): Promise<Parameters<typeof sectionReport>[0]['ended']> {
  if (signal.aborted) return { how: 'interrupted', message: `after ${latency.requests} requests` };
  const [failure] = latency.failures;
  if (failure === undefined) return undefined;
  if (answered === 0) return { how: 'target-unreachable', message: failure.class };
  const gone = latency.failures.some(({ class: name }) => name.includes('(connect)'))
    ? await notListening(target)
    : null;
  return gone === null ? undefined : { how: 'target-died', message: gone };
}

/** Why no connection can be had behind the load, or null where one can: a host that was too slow for some is none that died. */
async function notListening({ endpoint }: Target): Promise<string | null> {
  const client = new KmsClient({ endpoint, timeoutMs: LAST_WORD_MS });
  try {
    await client.session();
    return null;
  } catch (error) {
    if (error instanceof HostFailure && error.stage === 'connect') return error.message;
    if (error instanceof HostFailure) return null;
    throw error;
  } finally {
    await client.close();
  }
}

function rate(text: string): { from: number; to: number } {
  const [, from = '', to = from] = /^(\d+(?:\.\d+)?)(?:\.\.(\d+(?:\.\d+)?))?$/.exec(text) ?? [];
  const rates = { from: Number(from), to: Number(to) };
  if (from === '' || rates.from + rates.to <= 0 || Math.max(rates.from, rates.to) > 1_000_000) {
    throw new InvalidArgumentError('expected requests a second, such as 1000 or 100..2000, at most 1000000.');
  }
  return rates;
}

function duration(text: string): number {
  const seconds = parseDuration(text);
  if (seconds === undefined || seconds <= 0 || seconds > 7 * 86_400) {
    throw new InvalidArgumentError('expected a time such as 30s, 500ms or 5m, at most 7d.');
  }
  return seconds;
}

function addresses(text: string): readonly string[] {
  return text.split(',').map((address) => {
    if (!/^[0-9A-Fa-f.:]+$/.test(address))
      throw new InvalidArgumentError('expected addresses with commas between them.');
    return address;
  });
}
