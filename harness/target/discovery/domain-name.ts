import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { UsageError } from '../../support/usage-error';

/** Where KMS hosts are published (understanding-kms 2.5, volume-activation-article). */
export const SERVICE = '_vlmcs._tcp';

const MAX_NAME = 253;
const MAX_LABEL = 63;
/** What stands in names of domains and hosts, and of services. */
const LABEL = /^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?$/;

/** The names of services under a domain (RFC 2782): no client asks below one for another. */
const OTHER_SERVICE = /^_[^.]+\._(tcp|udp)\./i;
/** No top-level domain is a number (RFC 3696 2): this is meant as an address. */
const NUMERIC = /(^|\.)\d+$/;

/** True for a name that fits into a DNS question: labels of 1 to 63 octets, 253 in all (RFC 1035 2.3.4). */
export function isQueryable(name: string): boolean {
  const bare = name.replace(/\.$/, '');
  return (
    Buffer.byteLength(bare) <= MAX_NAME &&
    bare.split('.').every((label) => label !== '' && Buffer.byteLength(label) <= MAX_LABEL)
  );
}

/**
 * Reads the name of a domain as people write it: `corp.example`, `.corp.example`, `corp.example.`, `_vlmcs._tcp.corp.example`, and names
 * in other scripts.
 * @param where the option or key that it comes from, for the message
 * @throws UsageError for an address, a URL, and what is no domain name
 */
export function parseDomain(text: string, where: string): string {
  const wrong = (problem: string): UsageError =>
    new UsageError(
      `${where} ${JSON.stringify(text)}: ${problem}; give the name of a domain, such as corp.example`,
    );
  const given = text.trim();
  if (given.includes('://')) throw wrong('that is a URL');
  if (isIP(given.replace(/^\[|\](:\d+)?$/g, '')) !== 0 || isIP(given.replace(/:\d+$/, '')) !== 0) {
    throw wrong('that is an address, whose records no client asks for (a host is probed with --target)');
  }
  const bare = given.replace(/^\./, '').replace(/\.$/, '');
  const domain = bare.toLowerCase().startsWith(`${SERVICE}.`) ? bare.slice(SERVICE.length + 1) : bare;
  if (domain === '') throw wrong('it is empty');
  if (domain.toLowerCase() === SERVICE) throw wrong('no domain stands behind the name of the service');
  // What is plain ASCII stays as it is: the conversion for other scripts would take spaces and slashes for parts of a URL.
  const ascii = /^[\x21-\x7e]*$/.test(domain) ? domain : domainToASCII(domain);
  if (isQueryable(ascii) && !isQueryable(`${SERVICE}.${ascii}`)) {
    throw wrong(`with ${SERVICE} before it that is more than ${MAX_NAME} octets`);
  }
  if (OTHER_SERVICE.test(ascii)) throw wrong(`that is the name of a service, and no ${SERVICE}`);
  if (NUMERIC.test(ascii)) throw wrong('that is a number or a part of an address');
  if (!isQueryable(ascii) || !ascii.split('.').every((label) => LABEL.test(label))) {
    throw wrong('that is no domain name');
  }
  return ascii;
}
