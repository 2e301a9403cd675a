import { isIP } from 'node:net';
import type { Config } from '../../target/config';
import { type LoadedConfig, programsOf } from '../../target/config/config';
import { parseTarget } from '../../target';
import { UsageError } from '../../support/usage-error';
import type { CliContext } from '../verb';

/**
 * What a configuration may do that nobody named: it was found in the folder, and may be somebody else's. Its controls serve its own target
 * only, and its DNS server is asked only for what the command line named.
 */

/**
 * Controls are those of the configuration's target: another one is left to itself, and so is every one where a configuration that was found
 * names none.
 * @param named as in `--target`
 * @param isFound whether nobody named the configuration
 */
export function forTarget(
  config: Config,
  named: string | undefined,
  isFound: boolean,
  { stderr }: CliContext,
): Config {
  const { controls, ...rest } = config;
  if (named === undefined || controls === undefined) return config;
  if (rest.target === undefined && !isFound) return config;
  if (rest.target !== undefined && isSameTarget(named, rest.target)) return config;
  const why =
    rest.target === undefined
      ? 'the configuration of this folder names no target, and nobody named it with --config'
      : `${named} is not ${rest.target}, the target of the configuration`;
  stderr.write(`kmsspec: ${why}: its controls are not used\n`);
  return rest;
}

function isSameTarget(one: string, other: string): boolean {
  const [a, b] = [parseTarget(one), parseTarget(other)];
  return JSON.stringify(a).toLowerCase() === JSON.stringify(b).toLowerCase();
}

/** Says which configuration is used that nobody named, and what it may run. */
export function tellFound({ config, file }: LoadedConfig, { stderr }: CliContext): void {
  const programs = programsOf(config);
  if (file === null || programs.length === 0) return;
  stderr.write(`kmsspec: ${file} is used and may run ${programs.join(', ')}; --no-config does without\n`);
}

/** Where the DNS server to ask comes from. */
export interface DnsOrigin {
  readonly dns: string | undefined;
  /** Whether it is that of a configuration that nobody named. */
  readonly isDnsFound: boolean;
  readonly configFile: string | null;
}

/** Why the DNS server of a configuration that was found is not asked, and what to do. */
export const whyDnsIsNotAsked = ({ dns, configFile }: DnsOrigin, what: string): string =>
  `${configFile ?? 'the configuration'} was found here, not named: its DNS server ${dns ?? ''} is not asked for ${what}; name one of them, with --dns, --config or on the command line`;

/**
 * @param names what the configuration wants looked up
 * @throws UsageError where its own DNS server would be asked for them, and nobody named it
 */
export function refuseFoundDns(origin: DnsOrigin, names: readonly string[]): void {
  if (origin.isDnsFound && names.length > 0) throw new UsageError(whyDnsIsNotAsked(origin, names.join(', ')));
}

/** The parts of a target that need DNS: `.DOMAIN`, and with `andHosts` the names of hosts too. */
export const lookedUp = (target: string, andHosts: boolean): string[] =>
  target
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part.startsWith('.') || (andHosts && isHostName(part)));

const isHostName = (part: string): boolean =>
  part !== '' && !part.startsWith('[') && isIP(part) === 0 && isIP(part.replace(/:\d+$/, '')) === 0;
