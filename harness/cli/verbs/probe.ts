import type { Command } from 'commander';
import { resolve } from 'node:path';
import { createMac, PRODUCTS, type ProductKey, SERVER_THRESHOLD } from '../../../protocol';
import { systemClock } from '../../support/clock';
import { expectedOf, lookupTimeout, parseDomain } from '../../target/discovery';
import {
  atLeast,
  FORMATS,
  formatFailure,
  formatHealth,
  nagiosCode,
  nagiosUnknown,
  type ProbeFormat,
  PROBE_EXIT,
  probeExitCode,
  type Range,
  runProbe,
  type Subject,
  type Thresholds,
} from '../../jobs/probe';
import { Random } from '../../support/random';
import { checkWritable, WriteFileError, writeFileSafely } from '../../support/safe-file';
import { UsageError } from '../../support/usage-error';
import { describeError } from '../output/describe-error';
import { lostAfter, lostExitCode } from '../output/lost-output';
import { choice, collect, guid, range, wholeNumber } from '../options/option-values';
import { lookedUp, refuseFoundDns } from '../options/found-config';
import { addTargetOptions, resolveSettings, type Settings } from '../options/options';
import { probeClientMachineId } from '../options/probe-cmid';
import type { CliContext, Verb } from '../verb';
import { withCapture } from '../pipeline/with-capture';

interface ProbeOptions {
  readonly format: ProbeFormat;
  readonly minCount?: number;
  readonly warnCount?: Range;
  readonly critCount?: Range;
  readonly warnMs: number;
  readonly critMs: number;
  readonly domain?: readonly string[];
  readonly expect?: readonly string[];
  readonly cmid?: string;
  readonly product: ProductKey;
  readonly output?: string;
}

const MAX_MS = 3_600_000;

/** `kmsspec probe`: one good request to each host, for monitoring. */
export const verb: Verb = {
  configure(command: Command): void {
    addTargetOptions(command)
      .addOption(choice('--format <NAME>', 'how it is told', FORMATS, 'text'))
      .option(
        '--output <FILE>',
        'write there instead of to standard output: aside, then renamed, so that no reader meets a part',
      )
      .option('--min-count <N>', `warn where a host counts fewer; ${SERVER_THRESHOLD}`, wholeNumber(0, 1000))
      .option(
        '--warn-count <RANGE>',
        'warn where the count is outside, as Nagios has ranges: 10: is 10 or more',
        range,
      )
      .option('--crit-count <RANGE>', 'critical where the count is outside', range)
      .option('--warn-ms <MS>', 'warn where it takes so long', wholeNumber(1, MAX_MS, 'milliseconds'), 1000)
      .option(
        '--crit-ms <MS>',
        'critical where it takes so long',
        wholeNumber(1, MAX_MS, 'milliseconds'),
        5000,
      )
      .option(
        '--domain <DOMAIN>',
        'ask every host that it publishes, and check its records (several)',
        collect,
      )
      .option('--expect <HOST>', 'a host that the domain should publish, asked too (several)', collect)
      .addOption(
        choice(
          '--product <KEY>',
          'what to ask for',
          PRODUCTS.map(({ key }) => key),
          'vista',
        ),
      )
      .option('--cmid <GUID>', 'CMID to ask with; by default the one that probes of this user keep', guid)
      .addHelpText('after', HELP);
  },

  async run(_args, options, context): Promise<number> {
    const chosen = options as unknown as ProbeOptions;
    const subjects: Subject[] = [];
    const output =
      chosen.output === undefined || chosen.output === '-' ? null : resolve(context.cwd, chosen.output);
    const tell = async (text: string): Promise<void> => {
      if (output === null) context.stdout.write(text);
      else await writeFileSafely(output, text);
    };
    try {
      if (output !== null) await checkWritable(output);
      const settings = await resolveSettings(options, context, { controls: false });
      if (options['target'] === undefined) refuseFoundDns(settings, lookedUp(settings.target ?? '', true));
      if (output === null && settings.pcap === '-')
        throw new UsageError('--pcap - leaves no room for what probe tells: give that a file by --output');
      return await probe(chosen, settings, context, subjects, tell);
    } catch (error) {
      const failure = formatFailure(
        describeError(error, context.limits?.met).message,
        subjects,
        chosen.format,
      );
      const isLost = error instanceof WriteFileError && error.file === output;
      if (failure !== null && !isLost) await tell(failure);
      if (chosen.format !== 'nagios') throw error;
      if (isLost) context.stderr.write(`kmsspec: ${error.message}\n`);
      return lostExitCode(error, nagiosCode('unknown')) ?? nagiosCode('unknown');
    }
  },

  // What others call wrong usage is CRITICAL there, an accusation of the host.
  usageCode: (argv) => (asksForNagios(argv) ? nagiosCode('unknown') : undefined),

  tellWrongUsage: (problem, argv, { stdout }) => {
    if (!asksForNagios(argv)) return undefined;
    // A monitoring system reads standard output, and takes what it cannot explain for a state of the host.
    stdout.write(nagiosUnknown(problem));
    return nagiosCode('unknown');
  },
};

/** As the words say it: where an option is wrong, none has been taken yet. */
const asksForNagios = (argv: readonly string[]): boolean =>
  argv.some((word, i) => word === '--format=nagios' || (word === '--format' && argv[i + 1] === 'nagios'));

const HELP = `
Several hosts in one call: --target A,B, or --domain. One request to each, with the same CMID each time, so that a probe that runs every
minute renews one record: it counts as one machine.
Exit codes: 0 well, 1 something to alert on, 3 not reachable; --format nagios: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.`;

async function probe(
  options: ProbeOptions,
  settings: Settings,
  context: CliContext,
  subjects: Subject[],
  tell: (text: string) => Promise<void>,
): Promise<number> {
  const { targets, domains } = namedIn(options, settings);
  const common = domains.length === 1 ? domains[0]! : '';
  subjects.push(
    ...targets.map((host) => ({ domain: common, host })),
    ...domains.map((domain) => ({ domain, host: '' })),
  );
  const plan = {
    ...{ targets, domains, dns: settings.dns, allowRemote: settings.allowRemote, product: options.product },
    expected: expectedOf(options.expect ?? settings.config.expectedHosts),
    lookupTimeoutMs: lookupTimeout(settings),
    timeoutMs: settings.timeoutMs,
    thresholds: thresholdsOf(options),
    clock: systemClock,
    profile: settings.profile,
    random: new Random(settings.seed),
    clientMachineId: await probeClientMachineId(options.cmid, context),
    sign: settings.macKey === undefined ? undefined : createMac(settings.macKey),
    signal: context.signal,
  };
  const health = await withCapture(settings.pcap, context, (observer) => runProbe({ ...plan, observer }));
  const isNagios = options.format === 'nagios';
  const code = isNagios ? nagiosCode(health.state) : probeExitCode(health, context.limits?.met);
  await tell(formatHealth(health, options.format)).catch(lostAfter(code));
  if (isNagios) return code;
  if (code === PROBE_EXIT.usage)
    context.stderr.write('kmsspec: no host is on this machine: --allow-remote asks others too\n');
  return code;
}

/** A probe of nothing is a mistake: the embedded host is always well. */
function namedIn(
  { domain = [] }: ProbeOptions,
  { target }: Settings,
): { targets: string[]; domains: string[] } {
  const targets = target === undefined ? [] : target.split(',').map((text) => text.trim());
  if (targets.includes('')) throw new UsageError(`--target ${target}: a part of the list is empty`);
  const domains = domain.map((text) => parseDomain(text, '--domain').toLowerCase());
  if (targets.length + domains.length === 0) {
    throw new UsageError('name what to probe: --target HOST[:PORT], or --domain DOMAIN');
  }
  return { targets: [...new Set(targets)], domains: [...new Set(domains)] };
}

function thresholdsOf({ minCount, warnCount, critCount, warnMs, critMs }: ProbeOptions): Thresholds {
  if (warnMs > critMs) throw new UsageError('--warn-ms must not be more than --crit-ms');
  if (minCount !== undefined && warnCount !== undefined)
    throw new UsageError(`--min-count ${minCount} is --warn-count ${minCount}: in short; give one of them`);
  return {
    warnCount: warnCount ?? atLeast(minCount ?? SERVER_THRESHOLD),
    critCount: critCount ?? null,
    warnMs,
    critMs,
  };
}
