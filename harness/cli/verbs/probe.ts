import { type Command, InvalidArgumentError } from 'commander';
import { isGuid, PRODUCTS, type ProductKey, SERVER_THRESHOLD } from '../../../protocol';
import { systemClock } from '../../clock';
import { dnsLookup, lookUpDomain } from '../../discovery';
import { ask } from '../../probe/ask';
import { FORMATS, formatHealth, nagiosCode, nagiosUnknown, type ProbeFormat } from '../../probe/formats';
import { type Health, judgeHealth } from '../../probe/health';
import { UsageError } from '../../usage-error';
import { collect, oneOf, wholeNumber } from '../option-values';
import { describeError } from '../describe-error';
import { addTargetOptions, resolveSettings, type Settings } from '../options';
import { type CliContext, EXIT, type Verb } from '../verb';
import { withoutControls, withTarget } from '../with-target';

interface ProbeOptions {
  readonly format: ProbeFormat;
  readonly minCount: number;
  readonly warnMs: number;
  readonly critMs: number;
  readonly domain?: string;
  readonly expect?: readonly string[];
  readonly cmid?: string;
  readonly product: ProductKey;
}

const MAX_MS = 3_600_000;

/** `kmsspec probe`: one good request, for monitoring. */
export const verb: Verb = {
  configure(command: Command): void {
    addTargetOptions(command)
      .option('--format <NAME>', FORMATS.join(', '), oneOf(...FORMATS), 'text')
      .option('--min-count <N>', 'warn where the host counts fewer', wholeNumber(0, 1000), SERVER_THRESHOLD)
      .option('--warn-ms <MS>', 'warn where it takes so long', wholeNumber(1, MAX_MS), 1000)
      .option('--crit-ms <MS>', 'critical where it takes so long', wholeNumber(1, MAX_MS), 5000)
      .option(
        '--domain <DOMAIN>',
        'check its SRV records too; without --target, probe the host that they lead to',
      )
      .option('--expect <HOST>', 'a host that the domain should publish (several)', collect)
      .option('--product <KEY>', 'what to ask for', oneOf(...PRODUCTS.map(({ key }) => key)), 'vista')
      .option('--cmid <GUID>', 'CMID to ask with; by default one of this machine’s, the same each time', guid)
      .addHelpText('after', HELP);
  },

  async run(_args, options, context): Promise<number> {
    const chosen = options as unknown as ProbeOptions;
    try {
      const health = await probe(chosen, await settingsOf(options, chosen, context), context);
      context.stdout.write(formatHealth(health, chosen.format));
      return chosen.format === 'nagios' ? nagiosCode(health.state) : exitCodeOf(health);
    } catch (error) {
      if (chosen.format !== 'nagios') throw error;
      return tellUnknown(describeError(error).message, context);
    }
  },

  tellWrongUsage: (problem, argv, context) =>
    asksForNagios(argv) ? tellUnknown(problem, context) : undefined,
};

/** A monitoring system reads standard output, and takes what it cannot explain for a state of the host. */
function tellUnknown(problem: string, { stdout }: CliContext): number {
  stdout.write(nagiosUnknown(problem));
  return nagiosCode('unknown');
}

/** As the words say it: where an option is wrong, none has been taken yet. */
const asksForNagios = (argv: readonly string[]): boolean =>
  argv.some((word, i) => word === '--format=nagios' || (word === '--format' && argv[i + 1] === 'nagios'));

const HELP = `
One request with the same CMID each time, so that a probe that runs every minute renews one record: it counts as one machine.
Exit codes: 0 well, 1 something to alert on, 3 not reachable; --format nagios: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.`;

function guid(text: string): string {
  if (isGuid(text)) return text.toLowerCase();
  throw new InvalidArgumentError('expected a GUID, xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx.');
}

/** A probe without a target is a mistake: the embedded host is always well. */
async function settingsOf(
  options: Readonly<Record<string, unknown>>,
  { domain, warnMs, critMs }: ProbeOptions,
  context: CliContext,
): Promise<Settings> {
  if (warnMs > critMs) throw new UsageError('--warn-ms must not be more than --crit-ms');
  const settings = await resolveSettings(options, context);
  const target = settings.target ?? (domain === undefined ? undefined : `.${domain.replace(/^\.|\.$/g, '')}`);
  if (target === undefined) {
    throw new UsageError('name what to probe: --target HOST[:PORT], or --domain DOMAIN');
  }
  return { ...settings, target };
}

function probe(options: ProbeOptions, settings: Settings, context: CliContext): Promise<Health> {
  const { minCount, warnMs, critMs, cmid, product, domain } = options;
  return withTarget(withoutControls(settings), context, async ({ target, observer }) => {
    const result = await ask({
      endpoint: target.endpoint,
      clock: systemClock,
      timeoutMs: settings.timeoutMs,
      sign: target.mac,
      signal: context.signal,
      product,
      clientMachineId: cmid,
      observer,
    });
    return judgeHealth({
      endpoint: target.endpoint,
      result,
      thresholds: { minCount, warnMs, critMs },
      published:
        domain === undefined ? undefined : await lookUpDomain(domain, dnsLookup({ server: settings.dns })),
      expected: options.expect ?? settings.config.expectedHosts ?? null,
    });
  });
}

function exitCodeOf({ state, reachable }: Health): number {
  if (!reachable) return EXIT.unreachable;
  return state === 'ok' ? EXIT.ok : EXIT.failed;
}
