import { type ConnectionObserver, type Endpoint, formatEndpoint } from '../../client';
import { systemClock } from '../../support/clock';
import { checkControlPrograms } from '../../target/config/control-programs';
import type { LabHostOptions } from '../../lab-host';
import { Random } from '../../support/random';
import { openTarget, parseTarget, type Target } from '../../target';
import type { Settings } from '../options/options';
import type { CliContext } from '../verb';
import { withCapture } from './with-capture';

/** A target that is ready, and who must hear of its connections. */
export interface OpenedTarget {
  readonly target: Target;
  /** Writes `--pcap FILE`; hand it to every client. */
  readonly observer: ConnectionObserver | undefined;
}

/**
 * Opens the target that the settings name, does the job, and releases target and capture, whatever happens.
 * @param lab for the embedded host, over what the settings say
 * @throws what the job throws; UsageError, ConfigError, HostFailure from opening; WriteFileError from `--pcap`
 */
export async function withTarget<T>(
  settings: Settings,
  context: Pick<CliContext, 'signal' | 'stdout'>,
  job: (opened: OpenedTarget) => Promise<T>,
  lab: LabHostOptions = {},
): Promise<T> {
  if (settings.target !== undefined) checkControlPrograms(settings);
  const target = await openTarget({
    address: settings.target,
    allowRemote: settings.allowRemote,
    profile: settings.profile,
    keyGroup: settings.keyGroup,
    controls: settings.config.controls ?? {},
    controlsFolder: settings.configFolder,
    macKey: settings.macKey,
    timeoutMs: settings.timeoutMs,
    signal: context.signal,
    lab: { seed: settings.seed, ...lab },
    discover: (domain) => findInDomain(domain, settings, context.signal),
  });
  try {
    return await withCapture(settings.pcap, context, (observer) => job({ target, observer }));
  } finally {
    await target.close();
  }
}

/**
 * Settings in which `.DOMAIN` has given way to the host that it leads to: for a verb whose threads each open the target, and are to meet
 * the same host.
 * @throws UsageError for a target that is none; NoHostFound, DnsError
 */
export async function withHostOfDomain(settings: Settings, signal: AbortSignal): Promise<Settings> {
  if (settings.target === undefined) return settings;
  const named = parseTarget(settings.target);
  if (named.kind === 'host') return settings;
  return { ...settings, target: formatEndpoint(await findInDomain(named.domain, settings, signal)) };
}

/* eslint-disable @typescript-eslint/no-require-imports -- loaded where a domain is the target only */

/** The host of `.DOMAIN`, as a client finds it. */
function findInDomain(domain: string, settings: Settings, signal: AbortSignal): Promise<Endpoint> {
  const { findTarget, dnsLookup, lookupTimeout } =
    require('../../target/discovery') as typeof import('../../target/discovery');
  const { dns, profile, seed, allowRemote, timeoutMs } = settings;
  return findTarget({
    domain,
    lookup: dnsLookup({ server: dns, timeoutMs: lookupTimeout(settings), signal }),
    profile,
    random: new Random(seed),
    clock: systemClock,
    allowRemote,
    timeoutMs,
    signal,
  });
}
