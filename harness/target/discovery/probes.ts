import { mapAtOnce } from '../../support/at-once';
import { type Endpoint, formatEndpoint } from '../../client/endpoint';
import type { ProbeResult } from '../../client/ask-once';
import { whyUnaskable } from './addresses';
import { endpointsOf, type PublishedDomain } from './published-hosts';

/** What came of asking one address, or why it was not asked. */
export type AddressProbe =
  | ProbeResult
  /** It is not loopback, and --allow-remote was not given. */
  | { readonly kind: 'not-allowed' }
  /** Only looking was asked for. */
  | { readonly kind: 'not-asked' };

/** Results by `address:port`. */
export type AddressProbes = ReadonlyMap<string, AddressProbe>;

export interface ProbeAllOptions {
  readonly published: readonly Pick<PublishedDomain, 'hosts'>[];
  /** Asks one address; null to look only. */
  readonly ask: ((endpoint: Endpoint) => Promise<ProbeResult>) | null;
  /** Whether an address may be sent to. */
  readonly mayAsk: (address: string) => boolean;
}

const NO_PORT: AddressProbe = { kind: 'unreachable', message: 'cannot listen at port 0' };

/** So many hosts are asked at once; each waits for its own time to live. */
const AT_ONCE = 8;

/** Asks every address of every published host once, whichever records name it. */
export async function probeAll({ published, ask, mayAsk }: ProbeAllOptions): Promise<AddressProbes> {
  const endpoints = new Map<string, Endpoint>();
  const probes = new Map<string, AddressProbe>();
  for (const endpoint of published.flatMap(({ hosts }) => hosts.flatMap(endpointsOf))) {
    const unaskable = whyUnaskable(endpoint.host);
    if (endpoint.port === 0) probes.set(formatEndpoint(endpoint), NO_PORT);
    else if (unaskable !== null)
      probes.set(formatEndpoint(endpoint), {
        kind: 'unreachable',
        message: `cannot be reached: ${unaskable}`,
      });
    else endpoints.set(formatEndpoint(endpoint), endpoint);
  }
  await mapAtOnce([...endpoints], AT_ONCE, async ([key, endpoint]) => {
    if (!mayAsk(endpoint.host)) probes.set(key, { kind: 'not-allowed' });
    else probes.set(key, ask === null ? { kind: 'not-asked' } : await ask(endpoint));
  });
  return probes;
}
