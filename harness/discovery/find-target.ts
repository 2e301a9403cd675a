import { type Endpoint, HostFailure, KmsClient } from '../client';
import type { Clock } from '../clock';
import { guardTarget } from '../target/loopback';
import { findHost, type FindHostOptions, type FoundHost } from './find-host';

export interface FindTargetOptions extends Omit<FindHostOptions, 'attempt'> {
  readonly clock: Clock;
  readonly allowRemote: boolean;
  /** For each connection that is tried. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The host that `--target .DOMAIN` stands for: the first, in the profile's order, that takes a connection. Nothing is sent on
 * it, so that no count changes.
 * @throws UsageError where the next host to try is remote and that is not allowed
 * @throws NoHostFound, DnsError
 */
export function findTarget(options: FindTargetOptions): Promise<FoundHost> {
  const { clock, allowRemote, timeoutMs, signal } = options;
  const attempt = async (endpoint: Endpoint): Promise<string | null> => {
    await guardTarget(endpoint, allowRemote);
    const client = new KmsClient({
      endpoint,
      clock,
      signal,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
    try {
      await client.connect();
      return null;
    } catch (error) {
      if (!(error instanceof HostFailure) || error.kind === 'interrupted') throw error;
      return `does not respond (${error.kind})`;
    } finally {
      await client.close();
    }
  };
  return findHost({ ...options, attempt });
}
