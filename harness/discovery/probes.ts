import { type Endpoint, formatEndpoint } from '../client/endpoint';
import type { ProbeResult } from '../probe/ask';
import type { PublishedDomain } from './published-hosts';

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
  readonly published: readonly PublishedDomain[];
  /** Asks one address; null to look only. */
  readonly ask: ((endpoint: Endpoint) => Promise<ProbeResult>) | null;
  /** Whether an address may be sent to. */
  readonly mayAsk: (address: string) => boolean;
}

/** So many hosts are asked at once; each waits for its own time to live. */
const AT_ONCE = 8;

/** Asks every address of every published host once, whichever records name it. */
export async function probeAll({ published, ask, mayAsk }: ProbeAllOptions): Promise<AddressProbes> {
  const endpoints = new Map<string, Endpoint>();
  for (const { addresses, port } of published.flatMap(({ hosts }) => hosts)) {
    for (const host of addresses) endpoints.set(formatEndpoint({ host, port }), { host, port });
  }
  const probes = new Map<string, AddressProbe>();
  const waiting = [...endpoints];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [key, endpoint] = next;
      if (!mayAsk(endpoint.host)) probes.set(key, { kind: 'not-allowed' });
      else probes.set(key, ask === null ? { kind: 'not-asked' } : await ask(endpoint));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return probes;
}
