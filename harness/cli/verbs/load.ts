import { type Command, InvalidArgumentError } from 'commander';
import { PRODUCTS, type ProductKey } from '../../../protocol';
import { writeConsole } from '../../../reports/console/report';
import { exampleOfLoad, type LoadJobPlan, runLoad } from '../../jobs/load/load-job';
import { runRounds } from '../../jobs/load/rounds';
import { formatDuration } from '../../support/duration';
import { UsageError } from '../../support/usage-error';
import { choice, durationLike, wholeNumber } from '../options/option-values';
import { addLabOptions, labOptions } from '../options/lab-options';
import { addReportOptions, addTargetOptions, resolveSettings } from '../options/options';
import { whileTelling } from '../output/progress-line';
import { terminalWidth } from '../output/terminal-width';
import { runJob } from '../pipeline/run-job';
import type { Verb } from '../verb';

const duration = durationLike('time such as 30s, 500ms or 5m, at most 7d', 7 * 86_400);

interface LoadCommand {
  readonly rate?: { readonly from: number; readonly to: number };
  readonly max?: boolean;
  readonly rounds?: boolean;
  readonly duration: number;
  readonly warmup: number;
  readonly ramp: number;
  readonly keep?: boolean;
  readonly connections?: number;
  readonly threads?: number;
  readonly product: ProductKey;
  readonly machines: number;
  readonly sources?: readonly string[];
  readonly close: 'fin' | 'reset';
  readonly quiet?: boolean;
}

const DEFAULT_RATE = 100;
/** Connections that may be open at a time where each request has one of its own. */
const MOST_OPEN = 512;
const KEPT = 16;
/** Requests of a round that overlap. */
const MOST_AT_ONCE = 32;
const PRODUCT_KEYS = PRODUCTS.map(({ key }) => key);

/** `kmsspec load`: open-loop load with latency percentiles, or as fast as a number of connections goes. */
export const verb: Verb = {
  configure(command: Command): void {
    addLabOptions(addReportOptions(addTargetOptions(command)))
      .option(
        '--rate <N>',
        `requests a second, or FROM..TO over the duration; ${DEFAULT_RATE} unless told`,
        rate,
      )
      .option('--max', 'as fast as the connections go, instead of a rate')
      .option('--duration <TIME>', 'of the measured part', duration, 10)
      .option('--warmup <TIME>', 'goes before it and is not measured', duration, 0)
      .option('--ramp <TIME>', 'goes before the warm-up: the rate rises from nothing', duration, 0)
      .option(
        '--rounds',
        'rounds of requests at the same time, each from a reset, whose answers must have an order; nothing is measured',
      )
      .option('--keep', 'keep the connections, instead of one for each request as clients do')
      .option(
        '--connections <N>',
        'kept connections, or how many may be open at a time',
        wholeNumber(1, 20_000),
      )
      .option(
        '--threads <N>',
        'threads that generate, as many as the load takes and the machine has unless told; 0 for a small load without any',
        wholeNumber(0, 64),
      )
      .addOption(choice('--product <KEY>', 'what asks (kmsspec list products)', PRODUCT_KEYS, 'win7'))
      .option('--machines <N>', 'different machines, which ask in turn', wholeNumber(1, 10_000_000), 1000)
      .option(
        '--sources <ADDRESSES>',
        'source addresses, used in turn, such as 127.0.0.2,127.0.0.3',
        addresses,
      )
      .addOption(
        choice(
          '--close <HOW>',
          'how connections end: fin, or reset where the host allows it',
          ['fin', 'reset'],
          'fin',
        ),
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
    if (settings.pcap !== undefined && (chosen.threads ?? 0) > 1)
      throw new UsageError('--pcap writes one capture from one thread: leave out --threads');
    const { seed, timeoutMs, macKey = null, config } = settings;
    const { keep, max, product } = chosen;
    const plan: LoadJobPlan = {
      rate: max ? null : (chosen.rate ?? { from: DEFAULT_RATE, to: DEFAULT_RATE }),
      durationMs: chosen.duration * 1000,
      warmupMs: chosen.warmup * 1000,
      rampMs: chosen.ramp * 1000,
      mode: keep ? 'kept' : 'each',
      connections: chosen.connections ?? (keep || max ? KEPT : MOST_OPEN),
      ...(chosen.threads === undefined ? {} : { threads: chosen.threads }),
      machines: chosen.machines,
      sources: chosen.sources ?? [],
      closeWith: chosen.close,
      budgets: config.budgets ?? {},
      ...{ product, seed, timeoutMs, macKey },
    };
    const lab = labOptions(options, settings.target);
    const width = terminalWidth(context.stdout);
    if (chosen.rounds) {
      const rounds = {
        durationMs: plan.durationMs!,
        seed,
        connections: Math.min(chosen.connections ?? MOST_AT_ONCE, MOST_AT_ONCE),
      };
      return runJob(
        { verb: 'load', settings, context },
        {
          lab,
          run: (host) => runRounds(rounds, host, { signal: context.signal }),
          text: (_, report) => writeConsole(report, { color: context.color, width }),
        },
      );
    }
    return runJob(
      { verb: 'load', settings, context },
      {
        lab,
        example: (target) => exampleOfLoad(product, seed, target),
        run: (host) =>
          whileTelling(context, chosen.quiet === true, elapsedOf(plan), () =>
            runLoad(plan, host, { signal: context.signal }),
          ),
        text: (_, report) => writeConsole(report, { color: context.color, width }),
      },
    );
  },
};

/** How much of the time that a load takes is over. */
function elapsedOf({ rampMs = 0, warmupMs = 0, durationMs = 0 }: LoadJobPlan): () => string {
  const startedAt = performance.now();
  const totalMs = rampMs + warmupMs + durationMs;
  return () => {
    const elapsedMs = performance.now() - startedAt;
    const left = formatDuration(Math.max(0, Math.ceil((totalMs - elapsedMs) / 1000)));
    const part = elapsedMs < rampMs ? 'ramp' : elapsedMs < rampMs + warmupMs ? 'warm-up' : 'measuring';
    return `${part}, ${left} left of ${formatDuration(totalMs / 1000)}`;
  };
}

function rate(text: string): { from: number; to: number } {
  const [, from = '', to = from] = /^(\d+(?:\.\d+)?)(?:\.\.(\d+(?:\.\d+)?))?$/.exec(text) ?? [];
  const rates = { from: Number(from), to: Number(to) };
  if (from === '' || rates.from + rates.to <= 0 || Math.max(rates.from, rates.to) > 1_000_000) {
    throw new InvalidArgumentError('expected requests a second, such as 1000 or 100..2000, at most 1000000.');
  }
  return rates;
}

function addresses(text: string): readonly string[] {
  return text.split(',').map((address) => {
    if (!/^[0-9A-Fa-f.:]+$/.test(address))
      throw new InvalidArgumentError('expected addresses with commas between them.');
    return address;
  });
}
