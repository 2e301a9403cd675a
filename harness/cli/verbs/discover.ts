import type { Command } from 'commander';
import { createMac } from '../../../protocol';
import type { Report } from '../../../reports/results/model';
import { escapeTerminal } from '../../../reports/escape/terminal';
import { ask } from '../../client/ask-once';
import type { ConnectionObserver } from '../../client';
import { observers } from '../../client/observers';
import { discover, type Discovered, discoveryTable } from '../../jobs/discovery';
import { systemClock } from '../../support/clock';
import { UsageError } from '../../support/usage-error';
import { isLoopbackAddress, type TargetDescription } from '../../target';
import { describeFailure, dnsLookup, expectedOf, lookupTimeout, parseDomain } from '../../target/discovery';
import { collect, guid, levels, wholeNumber } from '../options/option-values';
import { refuseFoundDns } from '../options/found-config';
import { addReportOptions, resolveSettings, type Settings } from '../options/options';
import { probeClientMachineId } from '../options/probe-cmid';
import { report } from '../pipeline/run-job';
import { withCapture } from '../pipeline/with-capture';
import type { CliContext, Verb } from '../verb';

interface DiscoverOptions {
  readonly expect?: readonly string[];
  readonly probe?: boolean;
  readonly cmid?: string;
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
      .option('--no-config', 'leave kmsspec.yaml of this folder alone')
      .option(
        '--profile <NAME>',
        'win7-2008r2 (default), vista-2008, or a file: how clients go about priorities',
      )
      .option('--cmid <GUID>', 'CMID to ask with; by default the one that probes of this user keep', guid)
      .option('--mac-key <FILE>', 'key for the MAC: 20 bytes in hex; never shown')
      .option(
        '--timeout <MS>',
        'for each host, and for the lookups of each domain; 5000',
        wholeNumber(1, 3_600_000, 'milliseconds'),
        DEFAULT_TIMEOUT_MS,
      )
      .option('--pcap <FILE>', 'keep what was sent and received as a capture')
      .option('--fail-on <LEVELS>', 'levels that decide the exit code; MUST,DESIGN', levels)
      .addHelpText('after', HELP);
  },

  async run(args, options, context): Promise<number> {
    const chosen = options as DiscoverOptions;
    const settings = await resolveSettings(options, context, { controls: false });
    const domains = domainsOf(args, settings);
    if (args.length === 0) refuseFoundDns(settings, domains);
    if (domains.length === 0) {
      throw new UsageError('name a domain: kmsspec discover corp.example, or domains: in the configuration');
    }
    const startedAt = new Date();
    const found = await withCapture(settings.pcap, context, (observer) =>
      look(domains, chosen, settings, context, observer),
    );
    for (const { srv } of found.published) {
      if (srv.kind === 'failed')
        context.stderr.write(`kmsspec: ${escapeTerminal(describeFailure(srv.failure))}\n`);
    }
    // Nothing is drawn, and there is no --seed to repeat it with.
    const asked = { ...settings, seedGiven: true };
    const target = describeDomains(domains, settings);
    const run = { verb: 'discover', settings: asked, context, startedAt, target };
    return report(run, found, { text: (_found, written) => textOf(found, written) });
  },
};

const HELP = `
Each published host is asked one good request, with a CMID that is the same each time for one user.
Verdicts: right; rogue (answers, but is not expected, or stays below every threshold); unreachable; dangling (its name has
no address); cannot-resolve (DNS fails for its name); refused; wrong-answer (another client's, or signed with another key);
alias (RFC 2782 wants a name of its own); low-priority (asked after others); public-address; not-probed.
Exit codes, of the worst verdict: 0 as it should be, 1 a MUST does not hold, 3 DNS or all hosts of a domain give no answer,
4 hosts were not asked.`;

/** The domains of the command line, else those of the configuration; each once. */
function domainsOf(args: readonly string[], { config, configFile }: Settings): string[] {
  const named =
    args.length > 0
      ? args.map((text) => parseDomain(text, 'discover'))
      : (config.domains ?? []).map((text) => parseDomain(text, `${configFile ?? ''}: domains:`));
  return [...new Map(named.map((domain) => [domain.toLowerCase(), domain])).values()];
}

async function look(
  domains: readonly string[],
  options: DiscoverOptions,
  settings: Settings,
  context: CliContext,
  observer: ConnectionObserver | undefined,
): Promise<Discovered> {
  const looksOnly = options.probe === false;
  const { macKey, timeoutMs, allowRemote, profile, failOn } = settings;
  const sign = macKey === undefined ? undefined : createMac(macKey);
  const { signal } = context;
  const clientMachineId = looksOnly ? undefined : await probeClientMachineId(options.cmid, context);
  return discover({
    domains,
    lookup: dnsLookup({ server: settings.dns, timeoutMs: lookupTimeout(settings), signal }),
    expected: expectedOf(options.expect ?? settings.config.expectedHosts),
    heedsPriority: profile.discoveryUsesPriorityAndWeight,
    looksOnly,
    failOn,
    ask: looksOnly
      ? null
      : (endpoint, heard) =>
          ask({
            ...{ endpoint, clock: systemClock, timeoutMs, sign, signal, clientMachineId },
            observer: observers(observer, heard),
          }),
    mayAsk: (address) => looksOnly || allowRemote || isLoopbackAddress(address),
  });
}

const describeDomains = (domains: readonly string[], { profile }: Settings): TargetDescription => ({
  address: domains.map((domain) => `.${domain}`).join(' '),
  embedded: false,
  profile: profile.name,
  controls: [],
});

function textOf({ sections, outcome }: Discovered, { results, run }: Report): string {
  const lines = sections.discovery.domains.flatMap(discoveryTable);
  // What this machine was the limit of is judged no host's.
  const [judged] = results;
  const said = run.limits === undefined ? outcome.message : judged?.reason;
  return `${[...lines, `${judged?.outcome ?? outcome.outcome}: ${said}`].join('\n')}\n`;
}
