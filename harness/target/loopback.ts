import { promises as dns } from 'node:dns';
import { type Endpoint, failureOf, formatEndpoint } from '../client';
import { addressFamily, isLoopbackAddress } from '../support/loopback-address';
import { UsageError } from '../support/usage-error';

export { isLoopbackAddress };

/** Looks up all addresses of a name. */
export type Lookup = (name: string) => Promise<readonly string[]>;

export const systemLookup: Lookup = async (name) =>
  (await dns.lookup(name, { all: true })).map(({ address }) => address);

/**
 * Lets a target through that is loopback, or any where remote ones are allowed. A name passes where every one of its
 * addresses is loopback, and then stands for these addresses: another answer later leads nowhere else.
 * @throws UsageError for a remote target without permission; HostFailure `name-not-found`
 */
export async function guardTarget(
  endpoint: Endpoint,
  allowRemote: boolean,
  lookup: Lookup = systemLookup,
): Promise<Endpoint> {
  if (allowRemote) return endpoint;
  if (isLoopbackAddress(endpoint.host)) return { ...endpoint, loopbackOnly: true };
  if (addressFamily(endpoint.host) !== 0) throw remoteRefused(endpoint, []);
  let addresses: readonly string[];
  try {
    addresses = await lookup(endpoint.host);
  } catch (error) {
    throw failureOf(error, 'connect', endpoint);
  }
  if (addresses.length === 0) {
    throw failureOf(Object.assign(new Error('no address'), { code: 'ENODATA' }), 'connect', endpoint);
  }
  if (!addresses.every(isLoopbackAddress)) throw remoteRefused(endpoint, addresses);
  return { ...endpoint, addresses, loopbackOnly: true };
}

function remoteRefused(endpoint: Endpoint, addresses: readonly string[]): UsageError {
  const which = addresses.length === 0 ? '' : ` (${addresses.join(', ')})`;
  return new UsageError(
    `${formatEndpoint(endpoint)}${which} is not this machine, and what is sent would change the count of a real host for 30 days.\n` +
      'Add --allow-remote if that is what you want, or leave out --target to use the embedded lab host',
  );
}
