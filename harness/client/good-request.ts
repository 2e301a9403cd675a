import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { filetimeFromUnixMs, type KmsRequestInput, product, type ProductKey } from '../../protocol';
import { buildRequest } from '../model/machine-request';
import type { Clock } from '../support/clock';

/** Of what machine and product a good request is. */
export interface GoodRequestOptions {
  readonly clock: Clock;
  /** Windows Vista without it: the one product that every key group for Windows grants. */
  readonly product?: ProductKey;
  /** What the CMID comes from; this machine's name without it. */
  readonly identity?: string;
  readonly clientMachineId?: string | undefined;
}

/**
 * A CMID that is the same each time for one identity, so that a probe that runs every minute renews one record instead of
 * raising the host's count: a GUID of version 8 (RFC 9562 5.8) from a hash of the identity.
 */
export function stableClientMachineId(identity: string = hostname()): string {
  const digest = createHash('sha256').update(`kmsspec probe\n${identity.toLowerCase()}`).digest();
  digest[6] = (digest[6]! & 0x0f) | 0x80;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  const hex = digest.subarray(0, 16).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

/**
 * One request as a good client sends it, with a name that an administrator recognises in the host's event log and a CMID
 * that stays the same.
 */
export function goodRequest(options: GoodRequestOptions): KmsRequestInput {
  return buildRequest(
    {
      product: product(options.product ?? 'vista'),
      clientMachineId: options.clientMachineId ?? stableClientMachineId(options.identity),
      name: 'kmsspec-probe',
    },
    filetimeFromUnixMs(options.clock.now()),
  );
}
