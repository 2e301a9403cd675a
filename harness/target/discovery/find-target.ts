import { type Endpoint, HostFailure, KmsClient } from '../../client';
import type { Clock } from '../../support/clock';
import { guardTarget } from '../loopback';
import { UsageError } from '../../support/usage-error';
import { findHost, type FindHostOptions, type FoundHost, NoHostFound } from './find-host';

/** How the host that a target names is looked for. */
export interface FindTargetOptions extends Omit<FindHostOptions, 'attempt'> {
  readonly clock: Clock;
  readonly allowRemote: boolean;
  /** For each host that is tried. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The host that `--target .DOMAIN` stands for: the first, in the profile's order, that takes a bind. No request is sent, so that no
 * count changes. A remote host that may not be asked is passed over like one that is down.
 * @throws UsageError where none responds, and permission alone keeps from asking another
 * @throws NoHostFound
 */
export async function findTarget(options: FindTargetOptions): Promise<FoundHost> {
  const { allowRemote } = options;
  let refusal: UsageError | undefined;
  const attempt = async (endpoint: Endpoint): Promise<string | null> => {
    try {
      await guardTarget(endpoint, allowRemote);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      refusal ??= error;
      return 'is not this machine, and was not asked (--allow-remote)';
    }
    return responds(endpoint, options);
  };
  try {
    return await findHost({ ...options, attempt });
  } catch (error) {
    if (error instanceof NoHostFound && refusal !== undefined) throw refusal;
    throw error;
  }
}

/** A host that takes connections and answers no bind is no host to a client. */
async function responds(
  endpoint: Endpoint,
  { clock, timeoutMs, signal }: FindTargetOptions,
): Promise<string | null> {
  const client = new KmsClient({
    endpoint,
    clock,
    signal,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  try {
    await client.session();
    return null;
  } catch (error) {
    if (!(error instanceof HostFailure) || error.kind === 'interrupted') throw error;
    return `does not respond (${error.kind})`;
  } finally {
    await client.close();
  }
}
