import type { Command } from 'commander';
import { createMac } from '../../../protocol';
import { exitCode } from '../../../reports/exit-code';
import type { ConnectionObserver } from '../../client';
import { systemClock } from '../../clock';
import {
  discover,
  type Discovered,
  discoveryOutcome,
  type DiscoveryOutcome,
  discoveryTable,
  dnsLookup,
} from '../../discovery';
import { ask } from '../../probe/ask';
import { isLoopbackAddress } from '../../target';
import { UsageError } from '../../usage-error';
import { collect, levels, wholeNumber } from '../option-values';
import { addReportOptions, resolveSettings, type Settings } from '../options';
import { writeReports } from '../report-files';
import { sectionReport } from '../section-report';
import type { CliContext, Verb } from '../verb';
import { withCapture } from '../with-capture';

interface DiscoverOptions {
  readonly expect?: readonly string[];
  readonly probe?: boolean;
}

/** Beside people, hosts may be slow: but nobody waits 15 seconds for each of a dozen dead ones. */
const DEFAULT_TIMEOUT_MS = 5000;

/** `kmsspec discover DOMAIN …`: what a domain publishes, each host asked once and judged. */
export const verb: Verb = {
  configure(command: Command): void {
    addReportOptions(command)
      .option('--dns <SERVER[:PORT]>', 'DNS server to ask, instead of the system’s')
      .option('--expect <HOST>', 'a host that should be published (several); any other is rogue', collect)
      .option('--no-probe', 'look only, ask no host')
      .option('--allow-remote', 'ask hosts that are not this machine too, and so change their counts')
      .option('--config <FILE>', 'configuration (YAML): domains, expectedHosts, dns')
      .option('--mac-key <FILE>', 'key for the MAC: 20 bytes in hex; never shown')
      .option('--timeout <MS>', 'for each host; 5000', wholeNumber(1, 3_600_000), DEFAULT_TIMEOUT_MS)
      .option('--pcap <FILE>', 'keep what was sent and received as a capture')
      .option('--fail-on <LEVELS>', 'levels that decide the exit code; MUST,DESIGN', levels)
      .addHelpText('after', HELP);
  },

  async run(args, options, context): Promise<number> {
    const chosen = options as DiscoverOptions;
    const settings = await resolveSettings(options, context);
    const domains = args.length > 0 ? args : (settings.config.domains ?? []);
    if (domains.length === 0) {
      throw new UsageError('name a domain: kmsspec discover corp.example, or domains: in the configuration');
    }
    const startedAt = new Date();
    const looksOnly = chosen.probe === false;
    const found = await withCapture(settings.pcap, (observer) =>
      look(domains.map(domainOf), chosen, settings, context, observer),
    );
    const outcome = discoveryOutcome(found.section.domains, looksOnly);
    const report = reportOf(found, outcome, domains, settings, context, startedAt);
    if (settings.reports.json !== '-') {
      const lines = found.section.domains.flatMap(discoveryTable);
      context.stdout.write(`${[...lines, `${outcome.outcome}: ${outcome.message}`].join('\n')}\n`);
    }
    await writeReports(report, settings, context);
    return exitCode(report);
  },
};

const HELP = `
Each published host is asked one good request, with a CMID that is the same each time on this machine.
Verdicts: right; rogue (answers, but is not expected, or stays below every threshold); unreachable; dangling (its name has
no address); refused; low-priority (asked after others); public-address; not-probed.`;

/** A dot in front, as in `--target .DOMAIN`, is understood too. */
const domainOf = (name: string): string => name.replace(/^\.|\.$/g, '');

function look(
  domains: readonly string[],
  options: DiscoverOptions,
  settings: Settings,
  { signal }: CliContext,
  observer: ConnectionObserver | undefined,
): Promise<Discovered> {
  const looksOnly = options.probe === false;
  const { config, macKey, timeoutMs, allowRemote } = settings;
  const sign = macKey === undefined ? undefined : createMac(macKey);
  return discover({
    domains,
    lookup: dnsLookup({ server: settings.dns }),
    expected: options.expect ?? config.expectedHosts ?? null,
    ask: looksOnly
      ? null
      : (endpoint) => ask({ endpoint, clock: systemClock, timeoutMs, sign, signal, observer }),
    mayAsk: (address) => looksOnly || allowRemote || isLoopbackAddress(address),
  });
}

function reportOf(
  { section }: Discovered,
  { outcome, level, message, nobodyAnswered }: DiscoveryOutcome,
  domains: readonly string[],
  settings: Settings,
  context: CliContext,
  startedAt: Date,
) {
  return sectionReport({
    verb: 'discover',
    settings,
    context,
    target: {
      address: domains.map((domain) => `.${domainOf(domain)}`).join(' '),
      embedded: false,
      profile: settings.profile.name,
      controls: [],
    },
    startedAt,
    result: {
      id: 'DISCOVERY',
      level,
      title: 'publishes KMS hosts that resolve, answer and are expected',
      source: 'understanding-kms 2.5, 2.6; volume-activation-article; licensing-mistakes',
      outcome,
      ...(outcome === 'inconclusive' ? { reason: message } : { message }),
    },
    ended: nobodyAnswered ? { how: 'target-unreachable', message } : undefined,
    sections: { discovery: section },
  });
}
