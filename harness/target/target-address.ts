import { isQueryable, parseDomain } from './discovery/domain-name';
import { addressFamily } from '../support/loopback-address';
import { UsageError } from '../support/usage-error';

/** The registered port of KMS (understanding-kms 2.6). */
export const KMS_PORT = 1688;

/** What `--target` names: a host, or a domain whose hosts DNS knows. */
export type TargetAddress =
  | { readonly kind: 'host'; readonly host: string; readonly port: number }
  | { readonly kind: 'domain'; readonly domain: string };

const FORM = 'HOST[:PORT], [IPV6]:PORT or .DOMAIN';
const NAME = /^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_.])?$/;
/** Its zone is the name of an interface; whether the rest is an address, the system's own reader says. */
const IPV6 = /^[0-9A-Fa-f:.]+(%[A-Za-z0-9_.-]+)?$/;
const isIPv6 = (text: string): boolean => IPV6.test(text) && addressFamily(text) === 6;
const isName = (text: string): boolean => NAME.test(text) && isQueryable(text);

/**
 * Reads `kms.example`, `10.0.0.1:1688`, `[::1]:1688`, `[fe80::1%eth0]`, `::1` or `.corp.example`; the port is 1688 where none is given.
 * @throws UsageError
 */
export function parseTarget(text: string): TargetAddress {
  const address = text.trim();
  if (address.includes('://')) throw wrong(text, 'a host and a port, no URL');
  if (address.startsWith('.')) return { kind: 'domain', domain: domainName(address.slice(1), text) };
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(address);
  if (bracketed !== null) return host(bracketed[1]!, bracketed[2], isIPv6, text);
  if (address.split(':').length > 2) return host(address, undefined, isIPv6, text);
  const [name = '', port] = address.split(':');
  return host(name, port, isName, text);
}

function host(
  name: string,
  port: string | undefined,
  form: (name: string) => boolean,
  text: string,
): TargetAddress {
  if (name.length > 255 || !form(name)) throw wrong(text, FORM);
  return { kind: 'host', host: name, port: port === undefined ? KMS_PORT : portNumber(port, text) };
}

function portNumber(digits: string, text: string): number {
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  if (port < 1 || port > 65_535) throw wrong(text, 'a port from 1 to 65535');
  return port;
}

function domainName(name: string, text: string): string {
  if (name.startsWith('.')) throw wrong(text, DOMAIN_FORM);
  try {
    return parseDomain(name, 'the target');
  } catch (error) {
    if (error instanceof UsageError) throw wrong(text, DOMAIN_FORM);
    throw error;
  }
}

const DOMAIN_FORM = 'a domain behind the dot, such as .corp.example';

function wrong(text: string, expected: string): UsageError {
  return new UsageError(`invalid target ${JSON.stringify(text)}: expected ${expected}`);
}
